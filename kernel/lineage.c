// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] How a lineage goes on, in the in-core superblock; and the form in
 * which it travels.  Declared in generation.h.  Who may call when, and what
 * must be durable before, is for the callers to know.
 */
#include "generation.h"

#define MAX_SECTORS	(1ull << 54)
#define MAX_SHIFT	48u
#define MAX_BITS	(HA_META_MAX_BITS)

#define SNAP_ALL	(HA_SNAP_PRIMARY | HA_SNAP_CRASHED | HA_SNAP_ALONE | \
			 HA_SNAP_FORCED | HA_SNAP_DOUBTFUL | HA_SNAP_BITS |  \
			 HA_SNAP_FRESH_ATTACH | HA_SNAP_DISCARD |	     \
			 HA_SNAP_ONLY_NEWER | HA_SNAP_BEGUN | HA_SNAP_KEPT)

static bool has(const struct ha_history_entry *list, u64 generation)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY && list[i].generation; i++)
		if (list[i].generation == generation)
			return true;
	return false;
}

static struct ha_history_entry entry(u64 generation, u64 time, u32 node,
				     u32 reason)
{
	return (struct ha_history_entry){
		.generation = generation,
		.time = time,
		.node = node,
		.reason = reason,
	};
}

/* Put @e in front; the oldest falls out of a full list. */
static void push(struct ha_history_entry *list, struct ha_history_entry e)
{
	memmove(list + 1, list, (HA_META_HISTORY - 1) * sizeof(*list));
	list[0] = e;
}

/* Put @e at the end, where there is room. */
static void append(struct ha_history_entry *list, struct ha_history_entry e)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		if (list[i].generation)
			continue;
		list[i] = e;
		return;
	}
}

void ha_lineage_mint(struct ha_lineage *l, u64 generation, u32 absent,
		     u32 node, u64 time, enum ha_mint_reason reason)
{
	u64 old = l->current_gen;
	u32 i;

	l->current_gen = generation;
	if (!old)
		return;
	for (i = 0; i < HA_SLOTS; i++)
		if ((absent & (1u << i)) && i != node && !l->slot[i].base)
			l->slot[i].base = old;
	push(l->history, entry(old, time, node, reason));
}

/*
 * The new history begins with what the target leaves behind: its own branch
 * where the source never knew it, so that an older copy of it is recognised.
 * Then comes the source's, then whatever else the target knew, as far as there
 * is room.  Bits of the other slots are those of the branch left behind, hence
 * no base survives.
 */
void ha_lineage_adopt(struct ha_lineage *l, const u8 resource_uuid[16],
		      u64 generation, const struct ha_history_entry *history,
		      u32 node, u64 time)
{
	struct ha_history_entry merged[HA_META_HISTORY] = { { 0 } };
	u64 base;
	u32 i;

	for (i = 0; i < HA_META_HISTORY && history[i].generation; i++)
		if (history[i].generation != generation)
			append(merged, history[i]);
	if (l->current_gen && l->current_gen != generation &&
	    !has(merged, l->current_gen))
		push(merged, entry(l->current_gen, time, node, HA_MINT_SYNCED));
	for (i = 0; i < HA_SLOTS; i++) {
		base = l->slot[i].base;
		l->slot[i].base = 0;
		if (base && base != generation && !has(merged, base) &&
		    !has(l->history, base))
			append(merged,
			       entry(base, time, node, HA_MINT_SYNCED));
	}
	for (i = 0; i < HA_META_HISTORY && l->history[i].generation; i++)
		if (l->history[i].generation != generation &&
		    !has(merged, l->history[i].generation))
			append(merged, l->history[i]);

	memcpy(l->resource_uuid, resource_uuid, sizeof(l->resource_uuid));
	memcpy(l->history, merged, sizeof(merged));
	l->current_gen = generation;
}

void ha_lineage_clear_base(struct ha_lineage *l, u32 slot)
{
	struct ha_slot_facts *f = &l->slot[slot];

	if (!f->base)
		return;
	if (f->base != l->current_gen && !has(l->history, f->base))
		push(l->history, entry(f->base, 0, slot, HA_MINT_SYNCED));
	f->previous_base = f->base;
	f->base = 0;
}

void ha_lineage_new_session(struct ha_lineage *l, u32 slot, u64 session)
{
	struct ha_slot_facts *f = &l->slot[slot];

	if (f->session == session)
		return;
	f->previous_session = f->session;
	f->session = session;
	f->flags &= ~HA_SLOT_BEGUN;
}

void ha_history_encode(const struct ha_history_entry *list, __le64 *generation,
		       __le32 *node, __le64 *time)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		generation[i] = cpu_to_le64(list[i].generation);
		node[i] = cpu_to_le32(list[i].node);
		time[i] = cpu_to_le64(list[i].time);
	}
}

int ha_history_decode(const __le64 *generation, const __le32 *node,
		      const __le64 *time, struct ha_history_entry *list)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		list[i].generation = le64_to_cpu(generation[i]);
		list[i].node = le32_to_cpu(node[i]);
		list[i].time = le64_to_cpu(time[i]);
		list[i].reason = HA_MINT_NONE;
		if (list[i].node >= HA_SLOTS)
			return -EINVAL;
		if (i && list[i].generation && !list[i - 1].generation)
			return -EINVAL;
	}
	return 0;
}

void ha_snapshot_encode(const struct ha_snapshot *s, struct ha_wire_snapshot *w)
{
	u32 i;

	memset(w, 0, sizeof(*w));
	w->current_gen = cpu_to_le64(s->current_gen);
	for (i = 0; i < HA_SLOTS; i++)
		w->base[i] = cpu_to_le64(s->base[i]);
	ha_history_encode(s->history, w->history, w->history_node,
			  w->history_time);
	memcpy(w->resource_uuid, s->resource_uuid, sizeof(w->resource_uuid));
	memcpy(w->device_uuid, s->device_uuid, sizeof(w->device_uuid));
	w->data_sectors = cpu_to_le64(s->data_sectors);
	w->device_sectors = cpu_to_le64(s->device_sectors);
	w->out_of_sync = cpu_to_le64(s->out_of_sync);
	w->written = cpu_to_le64(s->written);
	w->instance = cpu_to_le64(s->instance);
	w->peer_instance = cpu_to_le64(s->peer_instance);
	w->session = cpu_to_le64(s->session);
	w->previous_session = cpu_to_le64(s->previous_session);
	w->nonce = cpu_to_le64(s->nonce);
	w->flags = cpu_to_le32(s->flags);
	w->disk_state = cpu_to_le32(s->disk_state);
	w->role = cpu_to_le32(s->role);
	w->bit_shift = cpu_to_le32(s->bit_shift);
	w->region_shift = cpu_to_le32(s->region_shift);
	w->logical_block = cpu_to_le32(s->logical_block);
	w->after_sb = cpu_to_le32(s->after_sb);
}

static bool state_valid(const struct ha_snapshot *s)
{
	u32 i;

	if (s->flags & ~SNAP_ALL || s->disk_state > HA_UPTODATE ||
	    (s->role != HA_PRIMARY && s->role != HA_SECONDARY))
		return false;
	for (i = 0; i < 3; i++)
		if (((s->after_sb >> (8 * i)) & 0xff) > HA_SB_MAX)
			return false;
	return !(s->after_sb >> 24);
}

/* Sizes of a side without a disk mean nothing and may be zero. */
static bool sizes_valid(const struct ha_snapshot *s)
{
	u64 bits;

	if (s->disk_state < HA_INCONSISTENT)
		return true;
	if (s->logical_block < 512 || s->logical_block > HA_META_BLOCK ||
	    (s->logical_block & (s->logical_block - 1)))
		return false;
	if (!s->data_sectors || s->data_sectors > MAX_SECTORS ||
	    s->device_sectors > MAX_SECTORS ||
	    s->data_sectors % (s->logical_block / 512))
		return false;
	if (s->bit_shift < HA_META_MIN_BIT_SHIFT || s->bit_shift > MAX_SHIFT ||
	    s->region_shift < HA_META_MIN_REGION_SHIFT ||
	    s->region_shift > MAX_SHIFT)
		return false;
	bits = ((s->data_sectors - 1) >> (s->bit_shift - 9)) + 1;
	/* Own slot and the receiver's are added up. */
	return bits <= MAX_BITS && s->out_of_sync <= 2 * bits;
}

int ha_snapshot_decode(const struct ha_wire_snapshot *w, u32 node_id,
		       u32 peer_id, struct ha_snapshot *s)
{
	u32 i;

	if (node_id >= HA_SLOTS || peer_id >= HA_SLOTS || node_id == peer_id ||
	    w->spare)
		return -EINVAL;

	memset(s, 0, sizeof(*s));
	s->node_id = node_id;
	s->peer_id = peer_id;
	s->current_gen = le64_to_cpu(w->current_gen);
	for (i = 0; i < HA_SLOTS; i++)
		s->base[i] = le64_to_cpu(w->base[i]);
	memcpy(s->resource_uuid, w->resource_uuid, sizeof(s->resource_uuid));
	memcpy(s->device_uuid, w->device_uuid, sizeof(s->device_uuid));
	s->data_sectors = le64_to_cpu(w->data_sectors);
	s->device_sectors = le64_to_cpu(w->device_sectors);
	s->out_of_sync = le64_to_cpu(w->out_of_sync);
	s->written = le64_to_cpu(w->written);
	s->instance = le64_to_cpu(w->instance);
	s->peer_instance = le64_to_cpu(w->peer_instance);
	s->session = le64_to_cpu(w->session);
	s->previous_session = le64_to_cpu(w->previous_session);
	s->nonce = le64_to_cpu(w->nonce);
	s->flags = le32_to_cpu(w->flags);
	s->disk_state = le32_to_cpu(w->disk_state);
	s->role = le32_to_cpu(w->role);
	s->bit_shift = le32_to_cpu(w->bit_shift);
	s->region_shift = le32_to_cpu(w->region_shift);
	s->logical_block = le32_to_cpu(w->logical_block);
	s->after_sb = le32_to_cpu(w->after_sb);
	if (!state_valid(s) || !sizes_valid(s))
		return -EINVAL;
	return ha_history_decode(w->history, w->history_node, w->history_time,
				 s->history);
}

bool ha_snapshot_same_identity(const struct ha_snapshot *a,
			       const struct ha_snapshot *b)
{
	return a->node_id == b->node_id && a->peer_id == b->peer_id &&
	       a->current_gen == b->current_gen &&
	       !memcmp(a->base, b->base, sizeof(a->base)) &&
	       !memcmp(a->resource_uuid, b->resource_uuid,
		       sizeof(a->resource_uuid)) &&
	       !memcmp(a->device_uuid, b->device_uuid,
		       sizeof(a->device_uuid)) &&
	       a->instance == b->instance && a->role == b->role &&
	       a->disk_state == b->disk_state &&
	       !((a->flags ^ b->flags) & ~HA_SNAP_BITS);
}
