// SPDX-License-Identifier: GPL-2.0-only
/* What a resource needs to run, and what it may do without quorum. */
#include "hp_engine.h"
#include "hp_settle.h"

static enum hp_quorum_loss loss_of(const struct engine *e, const struct res *r)
{
	const struct res *up;

	for (up = r; up; up = up->parent)
		if (up->cfg->own_loss)
			return up->cfg->loss;
	if (r->cfg->storage && e->in->loss == HP_LOSS_IGNORE)
		return HP_LOSS_FREEZE;
	return e->in->loss;
}

enum hp_needs hp_needs_of(const struct engine *e, const struct res *r)
{
	const struct res *up;

	for (up = r; up; up = up->parent)
		if (up->cfg->needs != HP_NEEDS_DEFAULT)
			return up->cfg->needs;
	return e->in->fencing ? HP_NEEDS_FENCING : HP_NEEDS_QUORUM;
}

/* May it be active, or become more than it is, without quorum? */
enum hp_why hp_quorum_why(const struct engine *e, const struct res *r, bool more)
{
	if (hp_needs_of(e, r) == HP_NEEDS_NOTHING)
		return HP_WHY_NONE;
	if (e->in->view_pending)
		return more ? HP_WHY_VIEW_PENDING : HP_WHY_NONE;
	if (e->in->quorate)
		return HP_WHY_NONE;
	switch (loss_of(e, r)) {
	case HP_LOSS_IGNORE:
		return HP_WHY_NONE;
	case HP_LOSS_FREEZE:
		return more ? HP_WHY_FROZEN : HP_WHY_NONE;
	case HP_LOSS_DEMOTE:
		if (!more && r->role >= HP_ROLE_UNPROMOTED && r->next <= HP_ROLE_UNPROMOTED)
			return HP_WHY_NONE;
		return HP_WHY_QUORUM;
	default:
		return HP_WHY_QUORUM;
	}
}
