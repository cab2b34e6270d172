// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instances of a clone are all alike: which of them runs where is our own
 * bookkeeping. After they were placed, what is active on a node is counted as
 * that instance which is to be there, so that nothing moves just to swap names.
 */
#include "hp_engine.h"

static struct res *same_member(struct res *instance, int rsc)
{
	int i;

	if (instance->rsc == rsc)
		return instance;
	for (i = 0; i < instance->n_kids; i++)
		if (instance->kids[i]->rsc == rsc)
			return instance->kids[i];
	return NULL;
}

static bool at_home(const struct res *r)
{
	return r->node >= 0 && hp_in(r->on, r->n_on, r->node);
}

#define SWAP(a, b) do { __typeof__(a) t_ = (a); (a) = (b); (b) = t_; } while (0)

static void swap_facts(struct res *a, struct res *b)
{
	SWAP(a->on, b->on);
	SWAP(a->n_on, b->n_on);
	SWAP(a->role, b->role);
	SWAP(a->failed, b->failed);
	SWAP(a->changed, b->changed);
	SWAP(a->restart, b->restart);
	SWAP(a->demote, b->demote);
	SWAP(a->failed_op, b->failed_op);
}

/* Take what is active where @r is to be from an instance that is not to be there. */
static bool adopt(struct res *clone, struct res *r)
{
	struct res *other;
	int i;

	if (r->node < 0 || !r->managed || at_home(r))
		return false;
	for (i = 0; i < clone->n_kids; i++) {
		other = same_member(clone->kids[i], r->rsc);
		if (!other || other == r || !other->managed || at_home(other) ||
		    !hp_in(other->on, other->n_on, r->node))
			continue;
		swap_facts(r, other);
		return true;
	}
	return false;
}

/* Each change brings one more home, so this ends. */
void hp_identities(struct res *clone)
{
	struct res *r;
	bool moved;
	int i, k;

	if (clone->cfg->unique)
		return;
	do {
		moved = false;
		for (i = 0; i < clone->n_kids; i++) {
			r = clone->kids[i];
			moved |= r->kind == HP_PRIMITIVE && adopt(clone, r);
			for (k = 0; k < r->n_kids; k++)
				moved |= adopt(clone, r->kids[k]);
		}
	} while (moved);
}
