// SPDX-License-Identifier: GPL-2.0-only
/*
 * This node's own members: what they do is announced, what is ordered is begun,
 * what must not run here is stopped without being told.
 */
#include <errno.h>

#include "memory.h"
#include "rules.h"

#define RETRY_MS 1000

static bool talking(const struct core *core)
{
	return core->phase != PHASE_PENDING;
}

void core_local_status(struct core *core, const struct core_row *row,
		       struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_STATUS };
	struct core_trow mine = { .node = ME(core), .state = row->state };
	size_t size = row->detail ? strlen(row->detail) + 1 : 1;

	if (strlen(row->unit) >= CORE_NAME || strlen(row->member) >= CORE_NAME ||
	    size > CORE_DETAIL)
		return;
	strcpy(mine.unit, row->unit);
	strcpy(mine.member, row->member);
	mine.detail = core_blob_new(row->detail ? row->detail : "", size);
	core_table_set_row(&core->mine, &mine);
	if (talking(core)) {
		core_table_set_row(&msg.table, &mine);
		core_send(core, out, &msg);
		core_table_clear(&msg.table);
	}
	core_blob_put(mine.detail);
}

void core_local_device(struct core *core, const struct core_device *device,
		       struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_DEVICE };
	struct core_tdevice mine = { .node = ME(core) };

	if (strlen(device->name) >= CORE_NAME || device->state.size > CORE_DETAIL)
		return;
	strcpy(mine.name, device->name);
	mine.state = core_blob_new(device->state.data, device->state.size);
	core_table_set_device(&core->mine, &mine);
	if (talking(core)) {
		core_table_set_device(&msg.table, &mine);
		core_send(core, out, &msg);
		core_table_clear(&msg.table);
	}
	core_blob_put(mine.state);
}

static void result(struct core *core, uint64_t id, int code, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_RESULT, .id = id, .code = code };

	if (talking(core))
		core_send(core, out, &msg);
}

static void begin(struct core *core, const struct core_torder *order,
		  struct core_actions *out)
{
	struct core_action *action = core_act(out, CORE_ACT_OP);

	core_table_add_order(&core->mine, order);
	action->id = order->id;
	action->verb = order->verb;
	action->unit = core_text(order->unit);
	action->member = core_text(order->member);
}

/* What all agreed on may be too late here: quorum lost, leaving, a lease run out. */
static bool may_begin(const struct core *core, const struct core_torder *order,
		      int64_t now)
{
	if (core->hello_sent)
		return false;
	if (order->verb != CORE_START && order->verb != CORE_PROMOTE)
		return true;
	return core->quorum_yes && !core->leaving &&
	       (!core->db.node[ME(core) - 1].lease || core->lease_until > now);
}

void core_local_order(struct core *core, const struct core_torder *order, int64_t now,
		      struct core_actions *out)
{
	if (may_begin(core, order, now))
		begin(core, order, out);
	else
		result(core, order->id, -EAGAIN, out);
}

void core_local_ended(struct core *core, uint64_t id, int code, int64_t now,
		      struct core_actions *out)
{
	if (!core_table_end_order(&core->mine, id))
		return;
	if (code)
		core->local_next = now + RETRY_MS;
	result(core, id, code, out);
}

/** core_local_active() - does anything run here, or is about to? */
bool core_local_active(const struct core *core)
{
	uint32_t i;

	for (i = 0; i < core->mine.nr_rows; i++)
		if (core->mine.rows[i].state != CORE_STOPPED)
			return true;
	return core->mine.nr_orders > 0;
}

static bool busy(const struct core *core, const char *unit)
{
	uint32_t i;

	for (i = 0; i < core->mine.nr_orders; i++)
		if (!strcmp(core->mine.orders[i].unit, unit))
			return true;
	return false;
}

/* The next step towards a unit that is not active here, or not promoted. */
static void stop_unit(struct core *core, const struct core_unit *unit, bool demote,
		      struct core_actions *out)
{
	struct core_torder order = { .node = ME(core), .verb = CORE_STOP };
	const struct core_trow *row, *found = NULL;
	uint32_t i;

	if (busy(core, unit->name))
		return;
	for (i = 0; i < core->mine.nr_rows; i++) {
		row = &core->mine.rows[i];
		if (strcmp(row->unit, unit->name) || row->state == CORE_STOPPED)
			continue;
		if (demote && row->state == CORE_STARTED)
			continue;
		found = row;
	}
	if (!found)
		return;
	if (found->state == CORE_PROMOTED && unit->promotable)
		order.verb = CORE_DEMOTE;
	order.id = core_new_id(core);
	memcpy(order.unit, found->unit, CORE_NAME);
	memcpy(order.member, found->member, CORE_NAME);
	begin(core, &order, out);
}

/* Is anything of it left that is to be undone? */
static bool unit_left(const struct core *core, const struct core_unit *unit, bool demote)
{
	uint32_t i;

	for (i = 0; i < core->mine.nr_rows; i++) {
		const struct core_trow *row = &core->mine.rows[i];

		if (row->state != CORE_STOPPED && !strcmp(row->unit, unit->name) &&
		    !(demote && row->state == CORE_STARTED))
			return true;
	}
	return busy(core, unit->name);
}

static bool quorum_lost(const struct core *core, int64_t now)
{
	bool agree = core->have_ring && core->have_quorum &&
		     core->ring.node == core->quorum_ring.node &&
		     core->ring.seq == core->quorum_ring.seq;

	if (core->lost == NEVER)
		return false;
	return (agree && !core->quorum_yes) || now >= core->lost + core->shape.loss_ms;
}

/* By the committed state somebody else may run it, or this node must not. */
static bool not_mine(const struct core *core, const struct core_unit *unit)
{
	const struct core_owner *owner = core_db_owner(&core->db, unit->name);

	if (core->phase != PHASE_ACTIVE || !unit->exclusive)
		return false;
	if (rule_excluded(core, unit->device, ME(core)))
		return true;
	return owner && owner->node != ME(core) &&
	       !rule_proved(&core->db, owner->node, owner->boot);
}

enum undo { UNDO_NOTHING, UNDO_STOP, UNDO_DEMOTE, UNDO_RESET };

static enum undo on_loss(const struct core *core, const struct core_unit *unit, int64_t now)
{
	bool late = core->shape.stop_ms &&
		    now >= core->lost + core->shape.loss_ms + core->shape.stop_ms;

	switch (unit->on_loss) {
	case CORE_LOSS_STOP:
		return late ? UNDO_RESET : UNDO_STOP;
	case CORE_LOSS_DEMOTE:
		if (unit->promotable)
			return late && unit_left(core, unit, true) ? UNDO_RESET : UNDO_DEMOTE;
		return late ? UNDO_RESET : UNDO_STOP;
	case CORE_LOSS_SUICIDE:
		return UNDO_RESET;
	default:
		return UNDO_NOTHING;
	}
}

/* What must become of a unit here, without being told. */
static enum undo undo_of(const struct core *core, const struct core_unit *unit, int64_t now)
{
	enum undo lost;

	if (!unit_left(core, unit, false))
		return UNDO_NOTHING;
	lost = quorum_lost(core, now) ? on_loss(core, unit, now) : UNDO_NOTHING;
	/* Also where it is on its way out: what hangs is not waited for. */
	if (lost == UNDO_RESET)
		return lost;
	if (core->leaving)
		return UNDO_STOP;
	if (not_mine(core, unit))
		return unit->promotable ? UNDO_DEMOTE : UNDO_STOP;
	return lost;
}

/* What stands on it goes first: a device stays as long as what is mounted on it. */
static bool covered(const struct core *core, const struct core_unit *unit, int64_t now)
{
	size_t i;

	for (i = 0; i < core->shape.count; i++) {
		const struct core_unit *above = &core->shape.units[i];
		enum undo undo;

		if (above->tier <= unit->tier)
			continue;
		undo = undo_of(core, above, now);
		if (undo != UNDO_NOTHING && unit_left(core, above, undo == UNDO_DEMOTE))
			return true;
	}
	return false;
}

static void undo_unit(struct core *core, const struct core_unit *unit, int64_t now,
		      struct core_actions *out)
{
	enum undo undo = undo_of(core, unit, now);

	if (undo == UNDO_RESET && !core->suicide) {
		core->suicide = true;
		core_log(out, 0, unit->on_loss == CORE_LOSS_SUICIDE ?
			 "%s may not run without quorum: reset" :
			 "%s does not stop without quorum: reset", unit->name);
		core_act(out, CORE_ACT_RESET);
	}
	if (undo != UNDO_NOTHING && undo != UNDO_RESET && !covered(core, unit, now))
		stop_unit(core, unit, undo == UNDO_DEMOTE, out);
}

static void try_leave(struct core *core, int64_t now, struct core_actions *out)
{
	struct core_msg msg = { .type = CORE_MSG_GOODBYE };
	bool gone = core->db.node[ME(core) - 1].status != CORE_IN;

	if (!core->leaving || core->left || core_local_active(core))
		return;
	if (core->leave_by == NEVER)
		core->leave_by = now + 5 * core->params.hello_ms;
	if (core->phase == PHASE_ACTIVE && !core->goodbye_said && !core->hello_sent &&
	    !core->disk.part && !core->disk.bad) {
		if (!core->parted) {
			core_log_part(core, out);
			return;
		}
		core_send(core, out, &msg);
		core->goodbye_said = true;
	}
	if ((core->phase == PHASE_ACTIVE && gone) || now >= core->leave_by) {
		core->left = true;
		/* Nothing runs, and the next daemon starts nothing before a view record. */
		core_proof_disarm(core, out);
		core_act(out, CORE_ACT_EXIT);
	}
}

void core_local_try(struct core *core, int64_t now, struct core_actions *out)
{
	size_t i;

	if (core->phase >= PHASE_READY && core->session.quorate && core->quorum_yes)
		core->lost = NEVER;
	/* Before all is probed, what stands on what is not known. */
	for (i = 0; core->probed && i < core->shape.count && now >= core->local_next; i++)
		undo_unit(core, &core->shape.units[i], now, out);
	try_leave(core, now, out);
}

int64_t core_local_deadline(const struct core *core, int64_t now)
{
	int64_t at = core_sooner(NEVER, core->local_next, now);

	if (!core->left)
		at = core_sooner(at, core->leave_by, now);
	if (core->lost == NEVER || !core_local_active(core))
		return at;
	at = core_sooner(at, core->lost + core->shape.loss_ms, now);
	return core_sooner(at, core->lost + core->shape.loss_ms + core->shape.stop_ms, now);
}
