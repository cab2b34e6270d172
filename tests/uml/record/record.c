// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device-mapper target for tests: keeps what is written to all its devices in
 * one log, in one order, and fails the I/O it is told to fail.
 *
 *	0 SECTORS record DEVICE NUMBER		table; NUMBER stands in the log
 *	fail N					message: the Nth I/O from now on fails
 *
 * Why not dm-log-writes: that has a log per device, and a write enters it with
 * the next flush.  What a crash may leave behind on four devices follows from
 * when each write was begun and when it ended, among those of all the others.
 *
 * debugfs ha-record/: "log" is the log; writing to it adds a mark.  "used" is
 * its length, 0 empties it.  "on" switches recording.
 */
#include <linux/bio.h>
#include <linux/debugfs.h>
#include <linux/device-mapper.h>
#include <linux/module.h>
#include <linux/vmalloc.h>

#define LOG_BYTES	(96u << 20)

enum kind { BEGUN, ENDED, MARK };

enum flag { FLUSH = 1, FUA = 2, ZEROES = 4 };

/* struct entry - in the log; the data or the text of a mark follows */
struct entry {
	u32	kind;
	u32	device;
	u64	id;		/* of a write: BEGUN and ENDED share it */
	u64	sector;
	u32	bytes;
	u32	flags;
	s32	error;
	u32	follows;	/* bytes */
};

struct record {
	struct dm_dev	*dev;
	u32		number;
	atomic_t	fail_in;
	atomic_t	ios;
	atomic_t	failed;
	u32		failed_op;	/* of the last one: enum req_op */
};

struct per_bio {
	u64	id;
};

static DEFINE_SPINLOCK(lock);
static void *log_memory;
static u32 used, on, overrun;
static u64 last_id;
static struct dentry *dir;

/* Room for an entry and what follows it; NULL when there is none. */
static struct entry *add(enum kind kind, u32 device, u32 follows)
{
	struct entry *e = log_memory + used;

	lockdep_assert_held(&lock);
	if (!on)
		return NULL;
	if (used + sizeof(*e) + follows > LOG_BYTES) {
		overrun = 1;
		return NULL;
	}
	used += round_up(sizeof(*e) + follows, 8);
	memset(e, 0, sizeof(*e));
	e->kind = kind;
	e->device = device;
	e->follows = follows;
	return e;
}

static void copy_data(struct bio *bio, void *to)
{
	struct bvec_iter iter;
	struct bio_vec bv;

	bio_for_each_segment(bv, bio, iter) {
		memcpy_from_bvec(to, &bv);
		to += bv.bv_len;
	}
}

static u64 note_begun(struct record *r, struct bio *bio)
{
	bool zeroes = bio_op(bio) != REQ_OP_WRITE;
	u32 bytes = bio_sectors(bio) << SECTOR_SHIFT;
	struct entry *e;
	unsigned long irq;
	u64 id = 0;

	spin_lock_irqsave(&lock, irq);
	e = add(BEGUN, r->number, zeroes ? 0 : bytes);
	if (e) {
		id = ++last_id;
		e->id = id;
		e->sector = bio->bi_iter.bi_sector;
		e->bytes = bytes;
		e->flags = (bio->bi_opf & REQ_PREFLUSH ? FLUSH : 0) |
			   (bio->bi_opf & REQ_FUA ? FUA : 0) |
			   (zeroes ? ZEROES : 0);
		if (!zeroes)
			copy_data(bio, e + 1);
	}
	spin_unlock_irqrestore(&lock, irq);
	return id;
}

static void note_ended(struct record *r, u64 id, int error)
{
	unsigned long irq;
	struct entry *e;

	spin_lock_irqsave(&lock, irq);
	e = add(ENDED, r->number, 0);
	if (e) {
		e->id = id;
		e->error = error;
	}
	spin_unlock_irqrestore(&lock, irq);
}

/* Whether this I/O is the one to fail. */
static bool fails(struct record *r, struct bio *bio)
{
	atomic_inc(&r->ios);
	if (atomic_read(&r->fail_in) <= 0 || atomic_dec_return(&r->fail_in))
		return false;
	atomic_inc(&r->failed);
	WRITE_ONCE(r->failed_op, bio_sectors(bio) ? bio_op(bio) : REQ_OP_FLUSH);
	return true;
}

static int record_map(struct dm_target *ti, struct bio *bio)
{
	struct per_bio *pb = dm_per_bio_data(bio, sizeof(*pb));
	struct record *r = ti->private;

	pb->id = 0;
	if (fails(r, bio))
		return DM_MAPIO_KILL;
	if (op_is_write(bio_op(bio)))
		pb->id = note_begun(r, bio);
	bio_set_dev(bio, r->dev->bdev);
	return DM_MAPIO_REMAPPED;
}

static int record_end_io(struct dm_target *ti, struct bio *bio,
			 blk_status_t *error)
{
	struct per_bio *pb = dm_per_bio_data(bio, sizeof(*pb));

	if (pb->id)
		note_ended(ti->private, pb->id, blk_status_to_errno(*error));
	return DM_ENDIO_DONE;
}

static int record_ctr(struct dm_target *ti, unsigned int argc, char **argv)
{
	struct record *r;
	int err;

	if (argc != 2) {
		ti->error = "usage: record DEVICE NUMBER";
		return -EINVAL;
	}
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	err = kstrtou32(argv[1], 0, &r->number);
	if (!err)
		err = dm_get_device(ti, argv[0], dm_table_get_mode(ti->table),
				    &r->dev);
	if (err) {
		ti->error = "no such device, or no number";
		kfree(r);
		return err;
	}
	/* As a disk with a volatile cache, so that its users flush. */
	ti->flush_supported = true;
	ti->num_flush_bios = 1;
	ti->num_write_zeroes_bios = 1;
	ti->per_io_data_size = sizeof(struct per_bio);
	ti->private = r;
	return 0;
}

static void record_dtr(struct dm_target *ti)
{
	struct record *r = ti->private;

	dm_put_device(ti, r->dev);
	kfree(r);
}

static int record_message(struct dm_target *ti, unsigned int argc, char **argv,
			  char *result, unsigned int size)
{
	struct record *r = ti->private;
	int n, err;

	if (argc != 2 || strcmp(argv[0], "fail"))
		return -EINVAL;
	err = kstrtoint(argv[1], 0, &n);
	if (err)
		return err;
	atomic_set(&r->fail_in, n);
	return 0;
}

static void record_status(struct dm_target *ti, status_type_t type,
			  unsigned int flags, char *result, unsigned int size)
{
	struct record *r = ti->private;

	*result = 0;
	if (type == STATUSTYPE_INFO)
		snprintf(result, size, "%d %d %u", atomic_read(&r->ios),
			 atomic_read(&r->failed), READ_ONCE(r->failed_op));
	else if (type == STATUSTYPE_TABLE)
		snprintf(result, size, "%s %u", r->dev->name, r->number);
}

static int record_iterate(struct dm_target *ti, iterate_devices_callout_fn fn,
			  void *data)
{
	struct record *r = ti->private;

	return fn(ti, r->dev, 0, ti->len, data);
}

static struct target_type record_target = {
	.name = "record",
	.version = { 1, 0, 0 },
	.module = THIS_MODULE,
	.ctr = record_ctr,
	.dtr = record_dtr,
	.map = record_map,
	.end_io = record_end_io,
	.message = record_message,
	.status = record_status,
	.iterate_devices = record_iterate,
};

static ssize_t log_read(struct file *file, char __user *to, size_t count,
			loff_t *at)
{
	return simple_read_from_buffer(to, count, at, log_memory, used);
}

static ssize_t log_write(struct file *file, const char __user *from,
			 size_t count, loff_t *at)
{
	struct entry *e;
	char text[128];

	if (count > sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;
	spin_lock_irq(&lock);
	e = add(MARK, 0, count);
	if (e)
		memcpy(e + 1, text, count);
	spin_unlock_irq(&lock);
	return e || !on ? count : -ENOSPC;
}

static const struct file_operations log_file = {
	.owner = THIS_MODULE,
	.read = log_read,
	.write = log_write,
	.llseek = default_llseek,
};

static int __init record_init(void)
{
	int err;

	log_memory = vzalloc(LOG_BYTES);
	if (!log_memory)
		return -ENOMEM;
	err = dm_register_target(&record_target);
	if (err) {
		vfree(log_memory);
		return err;
	}
	dir = debugfs_create_dir("ha-record", NULL);
	debugfs_create_file("log", 0600, dir, NULL, &log_file);
	debugfs_create_u32("used", 0600, dir, &used);
	debugfs_create_u32("on", 0600, dir, &on);
	debugfs_create_u32("overrun", 0400, dir, &overrun);
	return 0;
}

static void __exit record_exit(void)
{
	debugfs_remove(dir);
	dm_unregister_target(&record_target);
	vfree(log_memory);
}

module_init(record_init);
module_exit(record_exit);
MODULE_DESCRIPTION("records and fails I/O for the tests of ha");
MODULE_LICENSE("GPL");
