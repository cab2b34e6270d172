// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/haN: bios come in here.  Only a Primary may be opened, so that nobody
 * reads a replica that may change under him.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "compat/gendisk.h"
#include "device.h"
#include "request.h"

#define MAX_ZEROES (32u << 20)

static int major;

static void device_submit_bio(struct bio *bio)
{
	struct ha_resource *res = bio->bi_bdev->bd_disk->private_data;

	bio = bio_split_to_limits(bio);
	if (bio)
		ha_request_submit(res, bio);
}

static void note_opener(struct ha_resource *res, struct ha_opener *o, bool write)
{
	lockdep_assert_held(&res->open_lock);
	res->open_count++;
	if (!o)
		return;
	o->pid = task_tgid_nr(current);
	get_task_comm(o->comm, current);
	o->since = ktime_get_seconds();
	o->write = write;
	list_add_tail(&o->node, &res->openers);
}

static int device_open(HA_OPEN_TARGET *target, HA_BLK_MODE mode)
{
	struct ha_resource *res = HA_OPEN_DISK(target)->private_data;
	struct ha_opener *o = kzalloc(sizeof(*o), GFP_KERNEL);
	int err = 0;

	spin_lock(&res->open_lock);
	if (READ_ONCE(res->dead))
		err = -ENXIO;
	else if (READ_ONCE(res->role) != HA_PRIMARY || res->open_blocked ||
		 READ_ONCE(res->failed))
		err = -EMEDIUMTYPE;
	else
		note_opener(res, o, mode & HA_MODE_WRITE);
	spin_unlock(&res->open_lock);
	if (err)
		kfree(o);
	else
		ha_resource_get(res);
	return err;
}

/* Which of the openers leaves is not known: the list goes with the last. */
static void device_release(HA_RELEASE_ARGS)
{
	struct ha_resource *res = disk->private_data;
	struct ha_opener *o, *next;
	LIST_HEAD(gone);

	spin_lock(&res->open_lock);
	if (!--res->open_count) {
		list_splice_init(&res->openers, &gone);
		WRITE_ONCE(res->failed, false);
	}
	spin_unlock(&res->open_lock);
	list_for_each_entry_safe(o, next, &gone, node)
		kfree(o);
	wake_up_all(&res->wait);
	ha_resource_put(res);
}

static const struct block_device_operations device_ops = {
	.owner		= THIS_MODULE,
	.submit_bio	= device_submit_bio,
	.open		= device_open,
	.release	= device_release,
};

void ha_device_openers(struct ha_resource *res, char *buf, size_t len)
{
	struct ha_opener *o;
	size_t n = 0;

	buf[0] = '\0';
	spin_lock(&res->open_lock);
	list_for_each_entry(o, &res->openers, node)
		n += scnprintf(buf + n, len - n, "%s%s (pid %d) since %lld s",
			       n ? ", " : "", o->comm, o->pid,
			       ktime_get_seconds() - o->since);
	spin_unlock(&res->open_lock);
}

bool ha_device_block_open(struct ha_resource *res)
{
	bool closed;

	spin_lock(&res->open_lock);
	closed = !res->open_count;
	res->open_blocked = closed;
	spin_unlock(&res->open_lock);
	return closed;
}

void ha_device_allow_open(struct ha_resource *res)
{
	spin_lock(&res->open_lock);
	res->open_blocked = false;
	spin_unlock(&res->open_lock);
}

void ha_device_set_limits(struct ha_resource *res, u32 logical_block,
			  u32 physical_block)
{
	struct ha_limits l = {
		.logical_block = logical_block,
		.physical_block = max(physical_block, 4096u),
		.max_bytes = HA_WIRE_MAX_PAYLOAD,
		.max_zeroes = MAX_ZEROES,
	};

	ha_gendisk_limits(res->gendisk, &l);
}

int ha_device_create(struct ha_resource *res)
{
	static const struct ha_limits defaults = {
		.logical_block = 512,
		.physical_block = 4096,
		.max_bytes = HA_WIRE_MAX_PAYLOAD,
		.max_zeroes = MAX_ZEROES,
	};
	struct gendisk *disk = ha_gendisk_alloc(&defaults);
	int err;

	if (IS_ERR(disk))
		return PTR_ERR(disk);
	disk->major = major;
	disk->first_minor = res->minor;
	disk->minors = 1;
	disk->flags |= GENHD_FL_NO_PART;
	disk->fops = &device_ops;
	disk->private_data = res;
	snprintf(disk->disk_name, sizeof(disk->disk_name), "ha%u", res->minor);
	set_capacity(disk, 0);
	res->gendisk = disk;
	err = add_disk(disk);
	if (err) {
		put_disk(disk);
		res->gendisk = NULL;
	}
	return err;
}

void ha_device_remove(struct ha_resource *res)
{
	if (res->gendisk)
		del_gendisk(res->gendisk);
}

void ha_device_free(struct ha_resource *res)
{
	if (res->gendisk)
		put_disk(res->gendisk);
	res->gendisk = NULL;
}

static u64 known_size(struct ha_resource *res)
{
	struct ha_peer *peer;
	u64 size = 0;

	spin_lock_irq(&res->state_lock);
	peer = ha_good_peer(res);
	if (res->disk)
		size = res->disk->super.layout.data_sectors;
	else if (peer)
		size = peer->session->theirs.data_sectors;
	spin_unlock_irq(&res->state_lock);
	return size;
}

void ha_resource_size_known(struct ha_resource *res)
{
	u64 size = known_size(res);

	if (!size || size == res->size_sectors)
		return;
	WRITE_ONCE(res->size_sectors, size);
	set_capacity_and_notify(res->gendisk, size);
}

void ha_device_announce(struct ha_resource *res)
{
	kobject_uevent(&disk_to_dev(res->gendisk)->kobj, KOBJ_CHANGE);
}

int ha_device_init(void)
{
	major = register_blkdev(0, "ha");
	return major < 0 ? major : 0;
}

void ha_device_exit(void)
{
	unregister_blkdev(major, "ha");
}
