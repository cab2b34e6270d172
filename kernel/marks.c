// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks: written there, not yet known to be flushed.  Knows numbers of flushes,
 * not who sends them.
 *
 * Why a completed flush n proves a mark m <= n.  The mark is the number of the
 * next flush, read after the write's completion was received, and a number is
 * taken (the next one becomes higher) before its flush is sent.  So flush m was
 * sent after the write had completed, and n, if another one, after m was taken.
 *
 * Why turning a region into bits loses nothing.  A number is taken first, for a
 * flush that nobody sends, and only marks up to it are dropped:
 *  - a write noted with a higher number keeps its mark;
 *  - a write noted with a lower one completed before the bits are set, so they
 *    cover it; a resync that clears them again has noted its own write before
 *    (ha_marks_note()), with a higher number;
 *  - a note that read the number before and stores it after the drop leaves a
 *    mark too many.
 */
#include <linux/mm.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include "disk.h"

#define WALK_STEP	4096u		/* regions between two offers to yield */
#define SWEEP_EVERY	BIT(20)		/* flushes */

/* Is flush @a later than flush @b? */
static bool later(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

/* 0 stands for no mark and is the number of no flush. */
static u32 next_number(struct ha_marks *m, u32 slot)
{
	u32 number = atomic_read(&m->next[slot]);

	return number ?: 1;
}

/* Raise a mark, never lower it. */
static void raise(u32 *mark, u32 number)
{
	u32 old = READ_ONCE(*mark);

	while (!old || later(number, old))
		if (try_cmpxchg(mark, &old, number))
			break;
}

static bool mark_is_stable(struct ha_marks *m, u32 slot, u32 mark)
{
	return !mark || !later(mark, atomic_read(&m->stable[slot]));
}

static u32 *marks_of(struct ha_disk *d, u32 slot)
{
	return WARN_ON_ONCE(slot >= HA_SLOTS) ? NULL : d->marks.mark[slot];
}

int ha_marks_init(struct ha_disk *d, u32 slots)
{
	struct ha_marks *m = &d->marks;
	u32 slot;

	m->regions = d->super.layout.regions;
	m->region_shift = d->super.layout.region_shift;
	for (slot = 0; slot < HA_SLOTS; slot++) {
		if (!(slots & BIT(slot)))
			continue;
		atomic_set(&m->next[slot], 1);
		m->mark[slot] = kvcalloc(m->regions, sizeof(u32), GFP_KERNEL);
		if (!m->mark[slot])
			return -ENOMEM;
	}
	return 0;
}

void ha_marks_free(struct ha_marks *m)
{
	u32 slot;

	for (slot = 0; slot < HA_SLOTS; slot++)
		kvfree(m->mark[slot]);
	memset(m, 0, sizeof(*m));
}

void ha_marks_note(struct ha_disk *d, u32 slot, u64 sector, u64 sectors)
{
	u32 number, *mark = marks_of(d, slot);
	struct ha_marks *m = &d->marks;
	u64 first, count;

	if (!mark)
		return;
	/* the completion was received before the number is read */
	smp_mb();
	number = next_number(m, slot);
	atomic64_add(sectors << 9, &m->bytes[slot]);
	raise(&m->high[slot], number);
	ha_regions(&d->super.layout, sector, sectors, &first, &count);
	for (; count && first < m->regions; first++, count--)
		raise(&mark[first], number);
}

u32 ha_marks_flush_begin(struct ha_disk *d, u32 slot)
{
	struct ha_marks *m = &d->marks;
	u32 number;

	atomic64_set(&m->bytes[slot], 0);
	do {
		/* a full barrier: the flush is sent after this */
		number = (u32)atomic_inc_return(&m->next[slot]) - 1;
	} while (!number);
	return number;
}

void ha_marks_flush_done(struct ha_disk *d, u32 slot, u32 number)
{
	atomic_t *stable = &d->marks.stable[slot];
	int old = atomic_read(stable);

	while (later(number, old))
		if (atomic_try_cmpxchg(stable, &old, number))
			break;
}

bool ha_marks_stable(struct ha_disk *d, u32 slot, u64 region)
{
	u32 *mark = marks_of(d, slot);

	if (!mark || region >= d->marks.regions)
		return true;
	return mark_is_stable(&d->marks, slot, READ_ONCE(mark[region]));
}

/* Drop the marks that a flush has proved. */
static void sweep(struct ha_marks *m, u32 slot)
{
	u32 mark;
	u64 r;

	for (r = 0; r < m->regions; r++) {
		mark = READ_ONCE(m->mark[slot][r]);
		if (mark && mark_is_stable(m, slot, mark))
			cmpxchg(&m->mark[slot][r], mark, 0);
		if (r % WALK_STEP == 0)
			cond_resched();
	}
}

bool ha_marks_any(struct ha_disk *d, u32 slot)
{
	u32 next, *mark = marks_of(d, slot);
	struct ha_marks *m = &d->marks;
	u64 r;

	if (!mark)
		return false;
	next = next_number(m, slot);
	if (next - READ_ONCE(m->swept[slot]) >= SWEEP_EVERY) {
		WRITE_ONCE(m->swept[slot], next);
		sweep(m, slot);
	}
	if (mark_is_stable(m, slot, READ_ONCE(m->high[slot])))
		return false;
	for (r = 0; r < m->regions; r++) {
		if (!mark_is_stable(m, slot, READ_ONCE(mark[r])))
			return true;
		if (r % WALK_STEP == 0)
			cond_resched();
	}
	return false;
}

/* Bits for one region if its mark is unstable and not later than @number. */
static bool convert(struct ha_disk *d, u32 slot, u64 region, u32 number)
{
	u32 *mark = &d->marks.mark[slot][region], old = READ_ONCE(*mark);
	const struct ha_layout *l = &d->super.layout;
	u64 sectors, sector;

	if (mark_is_stable(&d->marks, slot, old) || later(old, number))
		return false;
	sectors = 1ull << (l->region_shift - 9);
	sector = region * sectors;
	ha_bitmap_set(d, slot, sector, min(sectors, l->data_sectors - sector));
	cmpxchg(mark, old, 0);
	return true;
}

u64 ha_marks_to_bits(struct ha_disk *d, u32 slot)
{
	struct ha_marks *m = &d->marks;
	u64 r, converted = 0;
	u32 number;

	if (slot == d->super.node_id || !marks_of(d, slot))
		return 0;
	number = ha_marks_flush_begin(d, slot);
	for (r = 0; r < m->regions; r++) {
		converted += convert(d, slot, r, number);
		if (r % WALK_STEP == 0)
			cond_resched();
	}
	return converted;
}

void ha_marks_region_to_bits(struct ha_disk *d, u32 slot, u64 region)
{
	if (slot == d->super.node_id || !marks_of(d, slot) ||
	    region >= d->marks.regions || ha_marks_stable(d, slot, region))
		return;
	convert(d, slot, region, ha_marks_flush_begin(d, slot));
}
