// SPDX-License-Identifier: GPL-2.0-only
/*
 * Snapshots for the suites of the verdict, and the properties that hold for
 * every pair. The properties are written without a look at the order of the
 * table: they say what would be wrong, not which row decides.
 */
#include "snapshots.h"

void test_snapshot(const struct side *side, u32 id, struct ha_snapshot *s)
{
	u32 i;

	memset(s, 0, sizeof(*s));
	s->node_id = id;
	s->peer_id = !id;
	s->current_gen = side->current_gen;
	s->base[!id] = side->base;
	for (i = 0; i < ARRAY_SIZE(side->history); i++) {
		s->history[i].generation = side->history[i];
		s->history[i].time = side->left[i];
	}
	s->resource_uuid[3] = side->uuid;
	s->data_sectors = side->disk ? 16384 : 0;
	s->device_sectors = s->data_sectors;
	s->out_of_sync = side->out_of_sync;
	s->written = side->written;
	s->instance = side->instance;
	s->peer_instance = side->knows;
	s->session = side->session;
	s->previous_session = side->previous_session;
	s->flags = side->flags | (side->primary ? HA_SNAP_PRIMARY : 0);
	s->disk_state = side->disk;
	s->role = side->primary ? HA_PRIMARY : HA_SECONDARY;
	s->bit_shift = 12;
	s->region_shift = 22;
	s->logical_block = 512;
	s->after_sb = side->after_sb;
}

static bool primary(const struct ha_snapshot *s)
{
	return s->role == HA_PRIMARY || (s->flags & HA_SNAP_PRIMARY);
}

static bool bits(const struct ha_snapshot *s)
{
	return s->out_of_sync || (s->flags & HA_SNAP_BITS);
}

static bool disk(const struct ha_snapshot *s)
{
	return s->disk_state >= HA_INCONSISTENT && s->disk_state != HA_DUNKNOWN;
}

static bool good(const struct ha_snapshot *s, const struct ha_snapshot *peer)
{
	if (s->disk_state == HA_OUTDATED)
		return peer->disk_state == HA_OUTDATED &&
		       peer->current_gen == s->current_gen &&
		       (s->flags & HA_SNAP_ONLY_NEWER) &&
		       (peer->flags & HA_SNAP_ONLY_NEWER);
	return s->disk_state == HA_CONSISTENT || s->disk_state == HA_UPTODATE;
}

/* @s is to be overwritten by @from. */
static const char *check_resync(const struct ha_snapshot *from,
				const struct ha_snapshot *s)
{
	if (!disk(s) || !disk(from))
		return "a resync without a disk";
	if (!good(from, s))
		return "the source is not good";
	if ((from->flags & HA_SNAP_FRESH_ATTACH) &&
	    !((from->flags & HA_SNAP_KEPT) && from->current_gen == s->current_gen))
		return "the source is freshly attached";
	if (primary(s) && good(s, from) && !(s->flags & HA_SNAP_FRESH_ATTACH))
		return "the target is a Primary that serves its data";
	if (primary(s) && primary(from))
		return "two Primaries are brought together";
	if (!from->current_gen)
		return "the source is just created";
	return NULL;
}

static const char *check_in_sync(const struct ha_snapshot *a,
				 const struct ha_snapshot *b)
{
	if (bits(a) || bits(b))
		return "in sync with a bit set";
	if (!good(a, b) || !good(b, a))
		return "in sync with a disk that is not good";
	if (a->current_gen != b->current_gen || !a->current_gen)
		return "in sync with different generations";
	if (primary(a) && primary(b))
		return "in sync with two Primaries";
	if ((a->flags | b->flags) & HA_SNAP_DOUBTFUL)
		return "in sync with a doubtful superblock";
	return NULL;
}

static const char *check_code(const struct ha_snapshot *a,
			      const struct ha_snapshot *b,
			      const struct ha_verdict *v)
{
	switch (v->code) {
	case HA_V_SOURCE:
	case HA_V_SOURCE_FULL:
	case HA_V_SOURCE_DIGEST:
		return check_resync(a, b);
	case HA_V_TARGET:
	case HA_V_TARGET_FULL:
	case HA_V_TARGET_DIGEST:
		return check_resync(b, a);
	case HA_V_IN_SYNC:
		return check_in_sync(a, b);
	case HA_V_NOTHING:
		if (disk(a) && disk(b) && (good(a, b) || good(b, a)) &&
		    (a->current_gen || b->current_gen))
			return "nothing to do with two disks, one good";
		return primary(a) && primary(b) ?
			"two Primaries stay connected" : NULL;
	case HA_V_REFUSE:
		return primary(a) && primary(b) ? NULL : "refused one Primary";
	case HA_V_BLOCKED:
		return v->blocked_code == HA_V_BLOCKED ||
		       v->blocked_code == HA_V_NOTHING ||
		       v->blocked_code == HA_V_IN_SYNC ?
			"blocked without what is blocked" : NULL;
	default:
		return NULL;
	}
}

static bool needs_sentence(enum ha_verdict_code code)
{
	return code == HA_V_BLOCKED || code == HA_V_REFUSE ||
	       code == HA_V_UNRELATED;
}

const char *test_pair(const struct ha_snapshot *a, const struct ha_snapshot *b,
		      struct ha_verdict *v)
{
	struct ha_verdict w = ha_verdict(b, a);

	*v = ha_verdict(a, b);
	if (w.code != ha_verdict_mirror(v->code))
		return "the two sides decide differently";
	if (w.row != v->row)
		return "the two sides name different rows";
	if (w.blocked_code != ha_verdict_mirror(v->blocked_code))
		return "the two sides block different things";
	if ((unsigned int)v->row >= HA_ROW_NR)
		return "no such row";
	if (!v->blocked_by != !needs_sentence(v->code) ||
	    !w.blocked_by != !needs_sentence(w.code))
		return "a sentence is missing or superfluous";
	return check_code(a, b, v);
}

const char *test_describe(const struct ha_snapshot *s, char *text, size_t size)
{
	snprintf(text, size,
		 "{cur %llu base %llu hist %llu,%llu,%llu disk %u role %u flags %#x bits %llu inst %llu/%llu sess %llu/%llu sb %#x uuid %u}",
		 (unsigned long long)s->current_gen,
		 (unsigned long long)s->base[s->peer_id],
		 (unsigned long long)s->history[0].generation,
		 (unsigned long long)s->history[1].generation,
		 (unsigned long long)s->history[2].generation, s->disk_state,
		 s->role, s->flags, (unsigned long long)s->out_of_sync,
		 (unsigned long long)s->instance,
		 (unsigned long long)s->peer_instance,
		 (unsigned long long)s->session,
		 (unsigned long long)s->previous_session, s->after_sb,
		 s->resource_uuid[3]);
	return text;
}
