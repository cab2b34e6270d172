// SPDX-License-Identifier: GPL-2.0-only
/*
 * The intent log: which regions may be written to, who waits for one, and what
 * the next write of the log contains.  Writes of it are serialised by the
 * disk's meta_mutex; everything else by it->lock.
 *
 * A region is in one of these states (D durable, W wanted, C clearing):
 *   none	not set on disk, or dropped by a plain write
 *   W		the next write sets it
 *   D		set on stable storage; writes may enter, @use counts them
 *   C		set on stable storage; nobody may enter; about to be dropped
 *   C W	the same, and somebody wants to enter again
 * D excludes W and C.  Every write of a block, to set or to drop, has the image
 * D | W | C of that moment, so it never takes away what another one set.
 *
 * I4: a write enters only under D.  D is given by settle(), under the same
 * hold of meta_mutex as the FUA write whose image had the bit, and only there
 * and in abort (from C, whose bit never left the disk).
 *
 * Set against clear of one region:
 *  - Set comes first (W while C, the work gets the mutex before clear_end):
 *    settle() moves the region to D and takes C away, so clear_end finds D and
 *    its image keeps the bit.
 *  - Clear comes first, W already set: clear_end takes C away, but its image
 *    has W, so the bit stays on disk; the work makes it D by its own FUA write.
 *  - Clear comes first, W set after its image was taken: the bit may leave the
 *    disk; the region is W only, so nobody has entered; the work waits for the
 *    mutex, so its FUA write of the block comes after the plain one ended.
 *  - A write that was granted D and put its use count back before clear_begin
 *    has ended; its marks were noted before the put, so who looks at the marks
 *    after clear_begin sees them.
 */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/ktime.h>
#include "meta_io.h"
#include "resource.h"
#include "word64.h"
#include "workqueues.h"

#define READ_AHEAD	64	/* regions */
#define MANY_MISSES	8	/* in one second, and all around is set */
#define SCAN_STEP	4096	/* regions looked at in one hold of the lock */

static u32 now_seconds(void)
{
	return ktime_get_seconds();
}

static bool may_enter(const struct ha_intent *it, u64 first, u64 count)
{
	u64 end = first + count;

	return find_next_zero_bit(it->durable, end, first) >= end;
}

static void enter(struct ha_intent *it, u64 first, u64 count)
{
	lockdep_assert_held(&it->lock);
	for (; count; first++, count--)
		it->use[first]++;
}

/* Want what is missing of a range; true when something new is wanted. */
static bool want(struct ha_intent *it, u64 first, u64 count)
{
	u64 end = first + count, r = first;
	bool news = false;

	lockdep_assert_held(&it->lock);
	while ((r = find_next_zero_bit(it->durable, end, r)) < end) {
		if (!__test_and_set_bit(r, it->wanted))
			news = true;
		r++;
	}
	return news;
}

/*
 * A miss where the last one ended: the next regions of the same block cost
 * nothing in the same write.  Regions on their way out are left to it.
 */
static void read_ahead(struct ha_intent *it, u64 first, u64 end)
{
	u64 block = div_u64(end - 1, HA_META_BITS);
	u64 limit = min3(end + READ_AHEAD, (block + 1) * HA_META_BITS,
			 it->regions);

	lockdep_assert_held(&it->lock);
	if (first == it->last_region) {
		for (; end < limit; end++)
			if (!test_bit(end, it->durable) &&
			    !test_bit(end, it->clearing))
				__set_bit(end, it->wanted);
	}
	it->last_region = end;
}

/*
 * Many misses in a short time: writes are scattered.  What lies around costs
 * nothing in the same write; what stays idle is dropped again.
 */
static void set_around(struct ha_intent *it, u64 first)
{
	u64 r = round_down(first, READ_AHEAD), end = min(r + READ_AHEAD, it->regions);
	u32 now = now_seconds();

	it->misses = it->miss_second == now ? it->misses + 1 : 1;
	it->miss_second = now;
	if (it->misses < MANY_MISSES)
		return;
	for (; r < end; r++)
		if (!test_bit(r, it->durable) && !test_bit(r, it->clearing))
			__set_bit(r, it->wanted);
}

/* The regions of a range, within those there are. */
static u64 regions_of(struct ha_disk *d, u64 sector, u64 sectors, u64 *count)
{
	struct ha_intent *it = &d->intent;
	u64 first;

	ha_regions(&d->super.layout, sector, sectors, &first, count);
	if (WARN_ON_ONCE(first >= it->regions))
		*count = 0;
	else
		*count = min(*count, it->regions - first);
	return first;
}

/* The work holds a reference of its own while it is queued. */
static void queue_intent_work(struct ha_disk *d)
{
	ha_disk_get(d);
	if (!queue_work(ha_wq_meta, &d->intent.work))
		ha_disk_put(d);
}

bool ha_intent_get(struct ha_disk *d, struct ha_intent_wait *w, u64 sector,
		   u64 sectors, void (*ready)(struct ha_intent_wait *w, int err))
{
	struct ha_intent *it = &d->intent;
	unsigned long flags;
	u64 first, count;
	bool in;

	first = regions_of(d, sector, sectors, &count);
	spin_lock_irqsave(&it->lock, flags);
	in = may_enter(it, first, count);
	if (in) {
		enter(it, first, count);
	} else {
		w->sector = sector;
		w->sectors = sectors;
		w->ready = ready;
		list_add_tail(&w->node, &it->waiters);
		if (want(it, first, count)) {
			read_ahead(it, first, first + count);
			set_around(it, first);
		}
	}
	spin_unlock_irqrestore(&it->lock, flags);
	if (!in)
		queue_intent_work(d);
	return in;
}

void ha_intent_put(struct ha_disk *d, u64 sector, u64 sectors)
{
	struct ha_intent *it = &d->intent;
	unsigned long flags;
	u64 first, count;

	first = regions_of(d, sector, sectors, &count);
	spin_lock_irqsave(&it->lock, flags);
	for (; count; first++, count--) {
		if (WARN_ON_ONCE(!it->use[first]))
			continue;
		if (!--it->use[first])
			it->last_use[first] = now_seconds();
	}
	spin_unlock_irqrestore(&it->lock, flags);
}

static u64 words_of_block(const struct ha_intent *it, u64 n)
{
	u64 bits = min_t(u64, it->regions - n * HA_META_BITS, HA_META_BITS);

	return DIV_ROUND_UP_ULL(bits, 64);
}

/* Make block @n in the bounce block, with the image D | W | C of now. */
static void make_block(struct ha_disk *d, u64 n)
{
	struct ha_intent *it = &d->intent;
	__le64 *image = d->bounce + sizeof(struct ha_meta_head);
	u64 i, bit = n * HA_META_BITS;

	lockdep_assert_held(&d->meta_mutex);
	memset(d->bounce, 0, HA_META_BLOCK);
	spin_lock_irq(&it->lock);
	for (i = 0; i < words_of_block(it, n); i++, bit += 64)
		image[i] = cpu_to_le64(ha_word64_get(it->durable, bit) |
				       ha_word64_get(it->wanted, bit) |
				       ha_word64_get(it->clearing, bit));
	spin_unlock_irq(&it->lock);
	ha_block_seal(d->bounce, HA_META_INTENT, 0, n, ++it->sequence,
		      d->super.device_uuid);
}

static u64 block_sector(struct ha_disk *d, u64 n)
{
	return ha_block_sector(&d->super.layout, HA_META_INTENT, 0, n);
}

static int write_block(struct ha_disk *d, u64 n, blk_opf_t opf)
{
	make_block(d, n);
	return ha_disk_meta_write(d, block_sector(d, n), d->bounce, opf);
}

/*
 * Block @n is on stable storage with the image still in the bounce block:
 * what is wanted and in it becomes durable, also what came to be wanted while
 * the write was under way.
 */
static void settle(struct ha_disk *d, u64 n)
{
	const __le64 *image = d->bounce + sizeof(struct ha_meta_head);
	struct ha_intent *it = &d->intent;
	u64 i, bit = n * HA_META_BITS;
	u32 now = now_seconds();

	lockdep_assert_held(&d->meta_mutex);
	spin_lock_irq(&it->lock);
	for (i = 0; i < words_of_block(it, n); i++, bit += 64) {
		u64 set = le64_to_cpu(image[i]) & ha_word64_get(it->wanted, bit);

		it->set_count += hweight64(set);
		while (set) {
			u64 r = bit + __ffs64(set);

			__set_bit(r, it->durable);
			__clear_bit(r, it->wanted);
			__clear_bit(r, it->clearing);
			it->last_use[r] = now;
			set &= set - 1;
		}
	}
	spin_unlock_irq(&it->lock);
}

/* A bit that is set behind the walk has its waiter, who queued the work anew. */
static int write_wanted(struct ha_disk *d)
{
	struct ha_intent *it = &d->intent;
	u64 r, n;
	int err;

	for (r = 0; r < it->regions; r = (n + 1) * HA_META_BITS) {
		r = find_next_bit(it->wanted, it->regions, r);
		if (r >= it->regions)
			break;
		n = div_u64(r, HA_META_BITS);
		mutex_lock(&d->meta_mutex);
		err = write_block(d, n, REQ_FUA);
		if (!err)
			settle(d, n);
		mutex_unlock(&d->meta_mutex);
		if (err)
			return err;
	}
	return 0;
}

/*
 * Let in whose regions are all durable; with an error, send everybody away.
 * A region can have been chosen for clearing since it was set, so the others
 * want what they miss once more.  Returns whether some of them still wait.
 */
static bool grant(struct ha_disk *d, int err)
{
	struct ha_intent *it = &d->intent;
	struct ha_intent_wait *w, *next;
	LIST_HEAD(done);
	bool more;

	spin_lock_irq(&it->lock);
	list_for_each_entry_safe(w, next, &it->waiters, node) {
		u64 count, first = regions_of(d, w->sector, w->sectors, &count);

		if (!err && !may_enter(it, first, count)) {
			want(it, first, count);
			continue;
		}
		if (!err)
			enter(it, first, count);
		list_move_tail(&w->node, &done);
	}
	more = !list_empty(&it->waiters);
	spin_unlock_irq(&it->lock);

	list_for_each_entry_safe(w, next, &done, node) {
		list_del(&w->node);
		w->ready(w, err);
	}
	return more;
}

static void intent_work(struct work_struct *work)
{
	struct ha_intent *it = container_of(work, struct ha_intent, work);
	struct ha_disk *d = it->disk;
	int err;

	do {
		err = write_wanted(d);
		if (READ_ONCE(d->failed))
			err = -EIO;
	} while (grant(d, err));
	ha_disk_put(d);
}

/* Choose idle regions in [@r, @end); returns where it stopped. */
static u64 choose(struct ha_intent *it, u64 r, u64 end, u32 idle_seconds,
		  u64 *out, unsigned int max, unsigned int *nr)
{
	u32 now = now_seconds();

	lockdep_assert_held(&it->lock);
	for (; *nr < max; r++) {
		r = find_next_bit(it->durable, end, r);
		if (r >= end)
			return end;
		if (it->use[r] || now - it->last_use[r] < idle_seconds)
			continue;
		__clear_bit(r, it->durable);
		__set_bit(r, it->clearing);
		it->set_count--;
		out[(*nr)++] = r;
	}
	return r;
}

unsigned int ha_intent_clear_begin(struct ha_disk *d, u32 idle_seconds,
				   u64 *out, unsigned int max)
{
	struct ha_intent *it = &d->intent;
	u64 seen, r, end, stop;
	unsigned int nr = 0;

	r = it->scan < it->regions ? it->scan : 0;
	for (seen = 0; seen < it->regions && nr < max; seen += stop - r) {
		if (seen)
			r = it->scan;
		end = min(r + SCAN_STEP, it->regions);
		spin_lock_irq(&it->lock);
		stop = choose(it, r, end, idle_seconds, out, max, &nr);
		it->scan = stop < it->regions ? stop : 0;
		spin_unlock_irq(&it->lock);
		cond_resched();
	}
	return nr;
}

/* The regions are no longer clearing; returns how many lie in block @n. */
static unsigned int drop(struct ha_intent *it, u64 n, const u64 *regions,
			 unsigned int nr)
{
	unsigned int i;

	spin_lock_irq(&it->lock);
	for (i = 0; i < nr && div_u64(regions[i], HA_META_BITS) == n; i++)
		__clear_bit(regions[i], it->clearing);
	spin_unlock_irq(&it->lock);
	return i;
}

int ha_intent_clear_end(struct ha_disk *d, const u64 *regions, unsigned int nr)
{
	unsigned int i = 0;
	int err = 0;

	while (i < nr && !err) {
		u64 n = div_u64(regions[i], HA_META_BITS);

		mutex_lock(&d->meta_mutex);
		i += drop(&d->intent, n, regions + i, nr - i);
		err = write_block(d, n, 0);
		mutex_unlock(&d->meta_mutex);
	}
	return err;
}

void ha_intent_clear_abort(struct ha_disk *d, const u64 *regions,
			   unsigned int nr)
{
	struct ha_intent *it = &d->intent;
	unsigned int i;

	spin_lock_irq(&it->lock);
	for (i = 0; i < nr; i++) {
		u64 r = regions[i];

		/* set again meanwhile, then it is durable already */
		if (!__test_and_clear_bit(r, it->clearing))
			continue;
		__clear_bit(r, it->wanted);
		__set_bit(r, it->durable);
		it->set_count++;
	}
	spin_unlock_irq(&it->lock);
}

static int alloc_intent(struct ha_intent *it)
{
	u64 longs = it->blocks * HA_META_BITS / BITS_PER_LONG;
	u64 r;

	it->durable = kvcalloc(longs, sizeof(long), GFP_KERNEL);
	it->wanted = kvcalloc(longs, sizeof(long), GFP_KERNEL);
	it->clearing = kvcalloc(longs, sizeof(long), GFP_KERNEL);
	it->use = kvcalloc(it->regions, sizeof(u32), GFP_KERNEL);
	it->last_use = kvcalloc(it->regions, sizeof(u32), GFP_KERNEL);
	if (!it->durable || !it->wanted || !it->clearing || !it->use ||
	    !it->last_use)
		return -ENOMEM;
	for (r = 0; r < it->regions; r++)
		it->last_use[r] = now_seconds();
	return 0;
}

void ha_intent_free(struct ha_intent *it)
{
	kvfree(it->durable);
	kvfree(it->wanted);
	kvfree(it->clearing);
	kvfree(it->use);
	kvfree(it->last_use);
	memset(it, 0, sizeof(*it));
}

/*
 * A block that is not valid counts as all set and is written so at once: as it
 * is, it might be readable next time, with an old content.
 */
static int load_block(struct ha_disk *d, u64 n, u64 *bad)
{
	struct ha_intent *it = &d->intent;
	const struct ha_meta_head *head = d->bounce;
	const __le64 *payload = d->bounce + sizeof(*head);
	u64 i, bit = n * HA_META_BITS;

	if (!ha_meta_io(&d->meta, block_sector(d, n), d->bounce, REQ_OP_READ) &&
	    ha_block_valid(head, HA_META_INTENT, 0, n, d->super.device_uuid)) {
		it->sequence = max(it->sequence, le64_to_cpu(head->sequence));
		for (i = 0; i < HA_META_BITS / 64; i++, bit += 64)
			ha_word64_put(it->durable, bit, le64_to_cpu(payload[i]));
		return 0;
	}
	(*bad)++;
	bitmap_set(it->durable, bit,
		   min_t(u64, it->regions - bit, HA_META_BITS));
	make_block(d, n);
	return ha_meta_io(&d->meta, block_sector(d, n), d->bounce,
			  REQ_OP_WRITE | REQ_FUA);
}

int ha_intent_load(struct ha_disk *d)
{
	struct ha_intent *it = &d->intent;
	u64 n, longs, bad = 0;
	int err;

	spin_lock_init(&it->lock);
	INIT_LIST_HEAD(&it->waiters);
	INIT_WORK(&it->work, intent_work);
	it->disk = d;
	it->regions = d->super.layout.regions;
	it->region_shift = d->super.layout.region_shift;
	it->blocks = DIV_ROUND_UP_ULL(it->regions, HA_META_BITS);
	it->last_region = U64_MAX;
	err = alloc_intent(it);
	mutex_lock(&d->meta_mutex);
	for (n = 0; n < it->blocks && !err; n++)
		err = load_block(d, n, &bad);
	mutex_unlock(&d->meta_mutex);
	if (err)
		return err;
	longs = it->blocks * HA_META_BITS / BITS_PER_LONG;
	bitmap_clear(it->durable, it->regions,
		     longs * BITS_PER_LONG - it->regions);
	it->set_count = bitmap_weight(it->durable, it->regions);
	if (bad)
		ha_warn(d->res, "%llu of %llu blocks of the intent log are damaged; their regions count as in flight\n",
			bad, it->blocks);
	return 0;
}
