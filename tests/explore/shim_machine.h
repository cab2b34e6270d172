/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel that waits, runs later, allocates or does I/O: all of
 * it ends in the simulated machine (machine.c, disk.c).
 */
#ifndef EXPLORE_SHIM_MACHINE_H
#define EXPLORE_SHIM_MACHINE_H

/* --- locks, waits, works, time --- */

typedef struct { int unused; } spinlock_t;
typedef struct { int unused; } wait_queue_head_t;
struct mutex { int unused; };	/* see meanwhile.c */
struct completion { int unused; };
struct timer_list { int unused; };
struct workqueue_struct;
struct work_struct {
	void (*func)(struct work_struct *work);
	bool queued;
};
struct delayed_work { struct work_struct work; };
typedef void (*work_func_t)(struct work_struct *work);

#define spin_lock_init(l)		((void)(l))
#define spin_lock_irq(l)		((void)(l))
#define spin_unlock_irq(l)		((void)(l))
#define spin_lock_irqsave(l, f)		((void)(l), (f) = 0)
#define spin_unlock_irqrestore(l, f)	((void)(l), (void)(f))
#define mutex_init(m)			((void)(m))
#define mutex_destroy(m)		((void)(m))
#define mutex_lock(m)			((void)(m), machine_lock())
#define mutex_trylock(m)		((void)(m), machine_lock(), true)
#define mutex_unlock(m)			((void)(m), machine_unlock())
#define init_waitqueue_head(w)		((void)(w))
#define wake_up_all(w)			((void)(w))
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)
#define INIT_WORK(w, f)			((w)->func = (f))
#define INIT_DELAYED_WORK(w, f)		INIT_WORK(&(w)->work, f)

void machine_lock(void);
void machine_unlock(void);
bool machine_queue(struct work_struct *work);
bool machine_cancel(struct work_struct *work);
/* Let the other side and the queues go on; false: nothing moves any more. */
bool machine_wait(void);
extern unsigned long machine_jiffies;
extern u32 machine_seconds;

#define queue_work(wq, w)		((void)(wq), machine_queue(w))
#define mod_delayed_work(wq, w, delay)					\
	((void)(wq), (delay) ? false : machine_queue(&(w)->work))
#define queue_delayed_work		mod_delayed_work
#define cancel_work_sync(w)		machine_cancel(w)
#define cancel_delayed_work_sync(w)	machine_cancel(&(w)->work)
#define wait_event_timeout(wq, c, t) ({					\
	bool held_ = true;						\
	(void)(wq);							\
	(void)(t);							\
	while (held_ && !(c))						\
		held_ = machine_wait();					\
	(long)held_;							\
})
#define wait_event_killable_timeout	wait_event_timeout
#define jiffies				machine_jiffies
#define msecs_to_jiffies(ms)		((unsigned long)(ms) / 10)
#define jiffies_to_msecs(j)		((unsigned int)(j) * 10)
#define time_after(a, b)		((long)((b) - (a)) < 0)
#define time_before(a, b)		time_after(b, a)
#define ktime_get_seconds()		machine_seconds
#define ktime_get_real_seconds()	0
#define ktime_get_ns()			0ull
#define msleep(ms)			((void)(ms))
#define fatal_signal_pending(t)		false
#define current				NULL

/* --- memory, text --- */

void *machine_alloc(size_t size);
void machine_free(const void *p);
u64 machine_random(void);
void machine_say(char *to, const char *from, size_t size);

#define kzalloc(size, gfp)		machine_alloc(size)
#define kmalloc(size, gfp)		machine_alloc(size)
#define kvmalloc(size, gfp)		machine_alloc(size)
#define kcalloc(n, size, gfp)		machine_alloc((n) * (size))
#define kvcalloc(n, size, gfp)		machine_alloc((n) * (size))
#define kfree(p)			machine_free(p)
#define kvfree(p)			machine_free(p)
#define get_random_u64()		machine_random()
#define get_random_bytes(p, n)		memset(p, 0x5a, n)
#define strscpy(to, from, ...)		machine_say((char *)(to), from, sizeof(to))
#define vscnprintf(to, n, fmt, args)	((to)[0] = '\0')
#define NL_SET_ERR_MSG(e, text)		((void)(e))
#define NL_SET_ERR_MSG_FMT(e, ...)	((void)(e))
struct netlink_ext_ack { const char *_msg; };

/* --- blocks --- */

struct block_device { u8 node; bool meta; };
struct file { struct block_device bdev; };
struct page;
struct gendisk { struct list_head *slave_dir; };
struct device;
struct bio_vec;
struct bio_set { unsigned int front_pad; };
struct bvec_iter { u64 bi_sector; unsigned int bi_size; };
struct ha_payload;
#define BIO_PAGES 4u
struct bio {
	struct block_device	*bi_bdev;
	struct bvec_iter	bi_iter;
	blk_opf_t		bi_opf;
	blk_status_t		bi_status;
	u16			bi_ioprio;
	void			(*bi_end_io)(struct bio *bio);
	struct bio_set		*pool;
	u32			pages;
	struct page		*page[BIO_PAGES];
};
struct bio_vec { int unused; };

enum { REQ_OP_READ = 0, REQ_OP_WRITE = 1, REQ_OP_FLUSH = 2, REQ_OP_DISCARD = 3,
       REQ_OP_WRITE_ZEROES = 9, REQ_OP_MASK = 0xff };
#define REQ_SYNC	(1u << 8)
#define REQ_META	(1u << 9)
#define REQ_PRIO	(1u << 10)
#define REQ_IDLE	(1u << 11)
#define REQ_PREFLUSH	(1u << 12)
#define REQ_FUA		(1u << 13)
#define REQ_NOUNMAP	(1u << 14)
enum { BLK_STS_OK, BLK_STS_IOERR, BLK_STS_AGAIN, BLK_STS_RESOURCE,
       BLK_STS_NOTSUPP };
enum { BLKDEV_ZERO_NOUNMAP = 1 };
enum { BIOSET_NEED_BVECS = 1 };
enum { BLK_OPEN_READ = 1, BLK_OPEN_WRITE = 2 };

#define op_is_write(op)			((op) & 1)
#define bio_op(bio)			((bio)->bi_opf & REQ_OP_MASK)
#define bio_sectors(bio)		((bio)->bi_iter.bi_size >> SECTOR_SHIFT)
#define blk_status_to_errno(s)		((s) ? -EIO : 0)
#define errno_to_blk_status(e)		((e) ? BLK_STS_IOERR : BLK_STS_OK)
#define page_address(p)			((void *)(p))
#define virt_to_page(p)			((struct page *)(p))
#define offset_in_page(p)		0
/* Of a page are kept: a value in front, or eight lost ranges. */
#define PAGE_BYTES			128u
#define copy_page(to, from)		memcpy(to, from, PAGE_BYTES)
#define bio_init(bio, dev, vec, n, opf)					\
	((void)(vec), (bio)->pool = NULL, bio_reset(bio, dev, opf))
#define bio_uninit(bio)			((void)(bio))
#define __bio_add_page			bio_add_page
#define bdev_write_cache(b)		true
#define bdev_logical_block_size(b)	((void)(b), 512u)
#define bdev_physical_block_size(b)	((void)(b), 512u)
#define bdev_read_only(b)		false
#define bdev_is_zoned(b)		false
#define bd_link_disk_holder(b, d)	0
#define bd_unlink_disk_holder(b, d)	((void)0)
#define disk_to_dev(d)			((struct device *)(d))
#define get_device(d)			((void)(d))
#define put_device(d)			((void)(d))
#define ha_bdev_close(file)		machine_free(file)

static inline void bio_reset(struct bio *bio, struct block_device *bdev,
			     blk_opf_t opf)
{
	struct bio_set *pool = bio->pool;

	memset(bio, 0, sizeof(*bio));
	bio->pool = pool;
	bio->bi_bdev = bdev;
	bio->bi_opf = opf;
}

static inline void bio_set_dev(struct bio *bio, struct block_device *bdev)
{
	bio->bi_bdev = bdev;
}

static inline int bioset_init(struct bio_set *bs, u32 n, u32 pad, int flags)
{
	(void)n;
	(void)flags;
	bs->front_pad = pad;
	return 0;
}

#define bioset_exit(bs)	((void)(bs))

unsigned int bio_add_page(struct bio *bio, struct page *page, u32 len, u32 at);
struct bio *bio_alloc_bioset(struct block_device *bdev, u32 vecs, blk_opf_t opf,
			     gfp_t gfp, struct bio_set *pool);
#define bio_alloc(bdev, n, opf, gfp)	bio_alloc_bioset(bdev, n, opf, gfp, NULL)
struct bio *bio_alloc_clone(struct block_device *bdev, const struct bio *bio, gfp_t gfp,
			    struct bio_set *pool);
void bio_put(struct bio *bio);
void bio_endio(struct bio *bio);	/* of the application */
void submit_bio(struct bio *bio);
#define submit_bio_noacct submit_bio
int submit_bio_wait(struct bio *bio);
int blkdev_issue_flush(struct block_device *bdev);
int blkdev_issue_zeroout(struct block_device *bdev, u64 sector, u64 sectors,
			 gfp_t gfp, unsigned int flags);
struct file *bdev_file_open_by_path(const char *path, int mode, void *holder,
				    void *ops);
struct block_device *file_bdev(struct file *file);
u64 bdev_nr_sectors(struct block_device *bdev);

#endif
