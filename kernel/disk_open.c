// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opening a disk: claim the devices, believe nothing that is on them until it
 * is checked, load everything, write the new instance id.  Nothing else sees
 * the disk before it is complete; an error only goes to the caller.
 */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/netlink.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "meta_io.h"
#include "resource.h"

static const char *open_error(int err)
{
	switch (err) {
	case -EBUSY:
		return "in use: mounted, or claimed by something else";
	case -EACCES:
	case -EROFS:
		return "read-only";
	case -ENOTBLK:
		return "not a block device";
	case -ENOENT:
		return "not there: no such file";
	case -ENXIO:
	case -ENODEV:
		return "not there: no such device";
	case -ENOMEM:
		return "not usable: not enough memory";
	}
	return "not usable: it cannot be opened";
}

/* The claim's holder is the disk, so data and metadata may be one device. */
static int open_bdev(struct ha_disk *d, struct ha_bdev *b, const char *path,
		     const char *what, struct netlink_ext_ack *extack)
{
	struct file *file;
	int err;

	file = bdev_file_open_by_path(path, BLK_OPEN_READ | BLK_OPEN_WRITE, d,
				      NULL);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		NL_SET_ERR_MSG_FMT(extack, "the %s is %s (%d)", what,
				   open_error(err), err);
		return err;
	}
	b->file = file;
	b->bdev = file_bdev(file);
	return 0;
}

static int check_bdev(const struct ha_bdev *b, const char *what,
		      struct netlink_ext_ack *extack)
{
	if (bdev_read_only(b->bdev)) {
		NL_SET_ERR_MSG_FMT(extack, "the %s is read-only", what);
		return -EROFS;
	}
	if (bdev_is_zoned(b->bdev)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "the %s is zoned, which is not supported",
				   what);
		return -EOPNOTSUPP;
	}
	if (bdev_logical_block_size(b->bdev) > HA_META_BLOCK) {
		NL_SET_ERR_MSG_FMT(extack, "the %s has blocks of %u bytes, more than %u",
				   what, bdev_logical_block_size(b->bdev),
				   HA_META_BLOCK);
		return -EINVAL;
	}
	return 0;
}

static int open_devices(struct ha_disk *d, const char *data_path,
			const char *meta_path, struct netlink_ext_ack *extack)
{
	int err;

	err = open_bdev(d, &d->data, data_path, "disk", extack);
	if (!err)
		err = check_bdev(&d->data, "disk", extack);
	if (err)
		return err;

	d->internal = !meta_path || !strcmp(meta_path, data_path);
	if (!d->internal) {
		err = open_bdev(d, &d->meta, meta_path, "meta-disk", extack);
		if (!err)
			err = check_bdev(&d->meta, "meta-disk", extack);
		if (err)
			return err;
	}
	/* the same device by two names is internal as well */
	if (d->internal || d->meta.bdev == d->data.bdev) {
		d->internal = true;
		d->meta.bdev = d->data.bdev;
	}
	if (bdev_nr_sectors(d->meta.bdev) < HA_META_TAIL / 512 * 2) {
		NL_SET_ERR_MSG(extack, "the device is too small for metadata");
		return -ENOSPC;
	}
	return 0;
}

static int read_copy(struct ha_disk *d, unsigned int copy, struct ha_super *s,
		     const char **why)
{
	u64 sector = ha_super_sector(bdev_nr_sectors(d->meta.bdev), copy);

	if (ha_meta_io(&d->meta, sector, d->bounce, REQ_OP_READ)) {
		*why = "the superblock cannot be read";
		return -EBADMSG;
	}
	return ha_super_decode(d->bounce, s, why);
}

static int read_super(struct ha_disk *d, struct netlink_ext_ack *extack)
{
	const char *why[2] = { "", "" };
	struct ha_super *copies;
	int err, errs[2];
	unsigned int i;

	copies = kcalloc(2, sizeof(*copies), GFP_KERNEL);
	if (!copies) {
		NL_SET_ERR_MSG(extack, "not enough memory");
		return -ENOMEM;
	}
	for (i = 0; i < 2; i++)
		errs[i] = read_copy(d, i, &copies[i], &why[i]);
	err = ha_super_choose(&copies[0], errs[0], &copies[1], errs[1],
			      &d->super);
	kfree(copies);

	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack,
			       "no metadata on the disk; make it with create-md");
	else if (err && !errs[0] && !errs[1])
		NL_SET_ERR_MSG(extack,
			       "the two superblocks belong to different disks");
	else if (err)
		NL_SET_ERR_MSG_FMT(extack, "metadata refused: %s",
				   err == errs[0] ? why[0] : why[1]);
	if (err)
		return err;

	d->doubtful = d->super.lineage.flags & HA_MF_DOUBTFUL;
	for (i = 0; i < 2; i++)
		if (errs[i])
			ha_warn(d->res, "superblock copy %u is lost (%s): the lineage is doubtful\n",
				i, why[i]);
	return 0;
}

/* Do the metadata, sound in themselves, fit these devices? */
static int check_devices(struct ha_disk *d, struct netlink_ext_ack *extack)
{
	u64 data = bdev_nr_sectors(d->data.bdev);
	u64 meta = bdev_nr_sectors(d->meta.bdev);
	const struct ha_layout *l = &d->super.layout;
	u32 block = bdev_logical_block_size(d->data.bdev);

	if (l->internal != d->internal) {
		NL_SET_ERR_MSG_FMT(extack, "the metadata was made as %s metadata",
				   l->internal ? "internal" : "external");
		return -EINVAL;
	}
	if (l->device_sectors > meta ||
	    ha_super_sector(l->device_sectors, 0) != ha_super_sector(meta, 0)) {
		NL_SET_ERR_MSG(extack,
			       "the metadata was made for a device of another size");
		return -EINVAL;
	}
	if (l->data_sectors > data) {
		NL_SET_ERR_MSG_FMT(extack, "the disk is too small: it has %llu sectors, the data need %llu",
				   data, l->data_sectors);
		return -ENOSPC;
	}
	if (block > d->super.logical_block) {
		NL_SET_ERR_MSG_FMT(extack, "the disk has blocks of %u bytes, agreed are %u",
				   block, d->super.logical_block);
		return -EINVAL;
	}
	return 0;
}

static int check_node(struct ha_disk *d, u32 node_id, u32 slots,
		      struct netlink_ext_ack *extack)
{
	if (d->super.node_id != node_id) {
		NL_SET_ERR_MSG_FMT(extack, "the metadata was made for node %u, this is node %u",
				   d->super.node_id, node_id);
		return -EINVAL;
	}
	if (slots >> d->super.layout.slots) {
		NL_SET_ERR_MSG_FMT(extack, "the metadata has room for %u nodes only",
				   d->super.layout.slots);
		return -EINVAL;
	}
	return 0;
}

static int load_bitmaps(struct ha_disk *d, u32 slots)
{
	unsigned long mask = slots;
	unsigned int slot;
	int err;

	for_each_set_bit(slot, &mask, HA_SLOTS) {
		err = ha_bitmap_load(d, slot);
		if (err)
			return err;
	}
	return 0;
}

static int load(struct ha_disk *d, u32 slots, struct netlink_ext_ack *extack)
{
	const struct ha_layout *l = &d->super.layout;
	u64 need;
	int err;

	err = load_bitmaps(d, slots);
	if (!err)
		err = ha_marks_init(d, slots);
	if (!err)
		err = ha_intent_load(d);
	if (err == -ENOMEM) {
		need = hweight32(slots) * l->bitmap_blocks * HA_META_BLOCK;
		NL_SET_ERR_MSG_FMT(extack, "not enough memory: the bitmaps need %llu MiB",
				   DIV_ROUND_UP_ULL(need, 1u << 20));
	} else if (err == -EINTR) {
		NL_SET_ERR_MSG(extack, "interrupted");
	} else if (err) {
		NL_SET_ERR_MSG_FMT(extack, "the intent log cannot be written (%d)",
				   err);
	}
	return err;
}

/*
 * A region that was in flight may differ anywhere: suspect bits for every
 * other slot.  It may also be in a volatile cache still, ours or theirs, so it
 * is marked as if written now and stays unstable until flushed.
 */
static void suspect(struct ha_disk *d, u32 slots, u64 first, u64 end)
{
	const struct ha_layout *l = &d->super.layout;
	u64 sector = first << (l->region_shift - 9);
	u64 sectors = min(end << (l->region_shift - 9), l->data_sectors) -
		      sector;
	unsigned long mask = slots;
	unsigned int slot;

	for_each_set_bit(slot, &mask, HA_SLOTS) {
		if (slot != d->super.node_id)
			ha_bitmap_set(d, slot, sector, sectors);
		ha_marks_note(d, slot, sector, sectors);
	}
}

static void suspect_intents(struct ha_disk *d, u32 slots)
{
	const struct ha_intent *it = &d->intent;
	u64 first, end;

	d->had_intents = it->set_count;
	if (d->had_intents)
		ha_info(d->res, "%llu regions of %u MiB were in flight and may differ\n",
			it->set_count, 1u << (it->region_shift - 20));
	for (end = 0; end < it->regions; ) {
		first = find_next_bit(it->durable, it->regions, end);
		if (first >= it->regions)
			break;
		end = find_next_zero_bit(it->durable, it->regions, first);
		suspect(d, slots, first, end);
		cond_resched();
	}
}

/* What was kept of the peers is true only as long as the disk rests. */
static bool set_instance(struct ha_super *s, void *arg)
{
	u32 slot;

	s->instance = *(u64 *)arg;
	for (slot = 0; slot < HA_SLOTS; slot++)
		s->lineage.slot[slot].instance = 0;
	return true;
}

static void recall(struct ha_disk *d)
{
	u32 slot;

	for (slot = 0; slot < HA_SLOTS; slot++) {
		d->peer_instance[slot] = d->super.lineage.slot[slot].instance;
		if (d->peer_instance[slot])
			d->kept |= BIT(slot);
	}
}

/* Only for people, so it is no reason to refuse the disk. */
static void link_bdev(struct ha_disk *d, struct ha_bdev *b)
{
	struct gendisk *holder = d->res->gendisk;

	if (!b->file || !holder || !holder->slave_dir)
		return;
	if (bd_link_disk_holder(b->bdev, holder)) {
		ha_warn(d->res, "%pg is not shown as used\n", b->bdev);
		return;
	}
	get_device(disk_to_dev(holder));
	b->holder = holder;
}

static void free_work(struct work_struct *work)
{
	ha_disk_destroy(container_of(work, struct ha_disk, free_work));
}

static struct ha_disk *alloc_disk_struct(struct ha_resource *res)
{
	struct ha_disk *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	d->bounce = kzalloc(HA_META_BLOCK, GFP_KERNEL);
	if (!d->bounce) {
		kfree(d);
		return NULL;
	}
	kref_init(&d->ref);
	mutex_init(&d->meta_mutex);
	INIT_WORK(&d->free_work, free_work);
	ha_resource_get(res);
	atomic_inc(&res->disks);
	d->res = res;
	return d;
}

/* The disk has what it says; from here on it is this attach's. */
static int begin_instance(struct ha_disk *d, struct netlink_ext_ack *extack)
{
	int err;

	while (!d->instance)
		d->instance = get_random_u64();
	err = ha_disk_write_super(d, set_instance, &d->instance);
	if (err)
		NL_SET_ERR_MSG_FMT(extack, "the superblock cannot be written (%d)",
				   err);
	return err;
}

struct ha_disk *ha_disk_open(struct ha_resource *res, const char *data_path,
			     const char *meta_path, u32 node_id, u32 slots,
			     struct netlink_ext_ack *extack)
{
	struct ha_disk *d = alloc_disk_struct(res);
	int err;

	if (!d) {
		NL_SET_ERR_MSG(extack, "not enough memory");
		return ERR_PTR(-ENOMEM);
	}
	slots |= BIT(node_id);
	err = open_devices(d, data_path, meta_path, extack);
	if (!err)
		err = read_super(d, extack);
	if (!err)
		err = check_devices(d, extack);
	if (!err)
		err = check_node(d, node_id, slots, extack);
	if (!err)
		err = load(d, slots, extack);
	if (err)
		goto err_destroy;

	suspect_intents(d, slots);
	recall(d);
	err = begin_instance(d, extack);
	if (err)
		goto err_destroy;
	link_bdev(d, &d->data);
	link_bdev(d, &d->meta);
	return d;

err_destroy:
	ha_disk_destroy(d);
	return ERR_PTR(err);
}
