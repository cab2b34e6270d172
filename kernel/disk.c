// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an attached disk: references, the change of its superblock, its
 * failure, its end.  How it comes to be is in disk_open.c.
 */
#include <linux/blkdev.h>
#include <linux/slab.h>
#include "meta_io.h"
#include "resource.h"
#include "workqueues.h"

void ha_disk_get(struct ha_disk *d)
{
	kref_get(&d->ref);
}

static void disk_release(struct kref *ref)
{
	struct ha_disk *d = container_of(ref, struct ha_disk, ref);

	queue_work(ha_wq_control, &d->free_work);
}

void ha_disk_put(struct ha_disk *d)
{
	kref_put(&d->ref, disk_release);
}

void ha_disk_fail(struct ha_disk *d, const char *what, int err)
{
	if (xchg(&d->failed, true))
		return;
	ha_warn(d->res, "the disk failed: %s: error %d\n", what, err);
	if (READ_ONCE(d->orderly))
		return;
	queue_work(ha_wq_control, &d->res->disk_failed_work);
}

/*
 * Copy 0 is on stable storage before copy 1 is begun.  The flush comes by itself
 * first: device-mapper loses the error of one that travels with data.
 */
static int write_copies(struct ha_disk *d)
{
	const struct ha_layout *l = &d->next.layout;
	unsigned int copy;
	int err = ha_disk_flush_meta(d);

	lockdep_assert_held(&d->meta_mutex);
	for (copy = 0; copy < 2 && !err; copy++) {
		ha_super_encode(&d->next, copy, d->bounce);
		err = ha_meta_io(&d->meta,
				 ha_super_sector(l->device_sectors, copy),
				 d->bounce,
				 REQ_OP_WRITE | REQ_FUA);
	}
	return err;
}

int ha_disk_write_super(struct ha_disk *d,
			bool (*change)(struct ha_super *s, void *arg),
			void *arg)
{
	int err = 0;

	mutex_lock(&d->meta_mutex);
	d->next = d->super;
	if (change(&d->next, arg)) {
		d->next.sequence++;
		err = write_copies(d);
		if (!err) {
			/* readers hold either of the two locks */
			spin_lock_irq(&d->res->state_lock);
			d->super = d->next;
			spin_unlock_irq(&d->res->state_lock);
		}
	}
	mutex_unlock(&d->meta_mutex);
	return err;
}

/*
 * Before a better claim, the data and the bits that it rests on.  Bits that
 * are set after that are covered by their regions' intents.
 */
static int write_grounds(struct ha_disk *d)
{
	int err;

	err = ha_disk_flush_data(d);
	if (err)
		return err;
	return ha_disk_write_bitmaps(d);
}

int ha_disk_update(struct ha_disk *d,
		   bool (*change)(struct ha_super *s, void *arg), void *arg,
		   bool better)
{
	int err;

	if (better) {
		err = write_grounds(d);
		if (err)
			return err;
	}
	if (READ_ONCE(d->failed))
		return -EIO;
	err = ha_disk_write_super(d, change, arg);
	if (!err)
		return 0;
	ha_disk_fail(d, "superblock write", err);
	return -EIO;
}

int ha_disk_write_bitmaps(struct ha_disk *d)
{
	u32 slot;
	int err;

	for (slot = 0; slot < HA_SLOTS; slot++) {
		if (!d->bitmap[slot].block)
			continue;
		err = ha_bitmap_write_dirty(d, slot);
		if (err)
			return err;
	}
	/*
	 * A block found clean may be under way in another caller's walk: it
	 * holds the mutex until that write has ended, well or with d->failed.
	 */
	mutex_lock(&d->meta_mutex);
	mutex_unlock(&d->meta_mutex);
	return ha_disk_flush_meta(d);
}

void ha_disk_remember(struct ha_disk *d, u32 slot, u64 instance)
{
	lockdep_assert_held(&d->res->state_lock);
	d->peer_instance[slot] = instance;
	d->kept &= ~BIT(slot);
}

static bool keep_change(struct ha_super *super, void *arg)
{
	const struct ha_disk *d = arg;
	u64 any = 0;
	u32 slot;

	for (slot = 0; slot < HA_SLOTS; slot++) {
		super->lineage.slot[slot].instance = d->peer_instance[slot];
		any |= d->peer_instance[slot];
	}
	return any;
}

/*
 * Nothing uses the disk any more.  All it has taken becomes stable, and it
 * keeps what it remembers: until it is attached again it is as if it had stayed
 * up and time stood still.
 */
static void keep_memory(struct ha_disk *d)
{
	u32 slot;

	for (slot = 0; slot < HA_SLOTS; slot++)
		ha_marks_to_bits(d, slot);
	if (write_grounds(d) || ha_disk_write_super(d, keep_change, d))
		ha_warn(d->res, "the disk does not keep that it was detached in good order\n");
}

static void unlink_bdev(struct ha_bdev *b)
{
	struct gendisk *holder = xchg(&b->holder, NULL);

	if (!holder)
		return;
	bd_unlink_disk_holder(b->bdev, holder);
	put_device(disk_to_dev(holder));
}

void ha_disk_unlink(struct ha_disk *d)
{
	unlink_bdev(&d->data);
	unlink_bdev(&d->meta);
}

static void close_bdev(struct ha_bdev *b)
{
	if (b->file)
		ha_bdev_close(b->file);
	b->file = NULL;
}

void ha_disk_destroy(struct ha_disk *d)
{
	struct ha_resource *res = d->res;
	u32 slot;

	if (d->orderly && !d->failed)
		keep_memory(d);
	ha_disk_unlink(d);
	close_bdev(&d->meta);
	close_bdev(&d->data);
	for (slot = 0; slot < HA_SLOTS; slot++)
		ha_bitmap_free(&d->bitmap[slot]);
	ha_intent_free(&d->intent);
	ha_marks_free(&d->marks);
	kfree(d->bounce);
	mutex_destroy(&d->meta_mutex);
	kfree(d);
	if (atomic_dec_and_test(&res->disks))
		wake_up_all(&res->wait);
	ha_resource_put(res);
}
