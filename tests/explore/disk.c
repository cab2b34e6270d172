// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks with a volatile cache: any subset of what was not flushed is lost with
 * the power, older unflushed contents of a block included.  Data and metadata
 * are two devices, so a flush of one leaves the other alone; what one device
 * could do is among that.  A superblock write is atomic: the first of its two
 * copies decides, for the newer one is chosen at attach.
 */
#include "world.h"
#include "../../kernel/meta_io.h"

#define SECTORS		8u		/* of a block */
#define META_SECTORS	(8u << 11)

static const struct ha_super *writing_super;

void cell_write(struct cell *c, unsigned int value)
{
	c->now = value;
	c->left |= 1u << value;
}

void cell_flush(struct cell *c)
{
	c->left = 1u << c->now;
}

static void flush_data(struct media *m)
{
	int i;

	for (i = 0; i < BLOCKS; i++)
		cell_flush(&m->data[i]);
}

static void flush_meta(struct media *m)
{
	cell_flush(&m->bits[0]);
	cell_flush(&m->bits[1]);
	cell_flush(&m->intent);
}

/* Take the (@choice mod its values)-th value that @c may have; the rest. */
static unsigned int take(struct cell *c, unsigned int choice)
{
	unsigned int n = hweight32(c->left), k = choice % n;
	u16 left = c->left;

	while (k--)
		left &= left - 1;
	c->now = __builtin_ctz(left);
	cell_flush(c);
	return choice / n;
}

bool disk_power_loss(struct media *m, unsigned int choice)
{
	int i;

	for (i = 0; i < BLOCKS; i++)
		choice = take(&m->data[i], choice);
	choice = take(&m->bits[0], choice);
	choice = take(&m->bits[1], choice);
	choice = take(&m->intent, choice);
	return !choice;
}

unsigned int disk_outcomes(const struct media *m)
{
	unsigned int n = hweight32(m->bits[0].left) *
			 hweight32(m->bits[1].left) * hweight32(m->intent.left);
	int i;

	for (i = 0; i < BLOCKS; i++)
		n *= hweight32(m->data[i].left);
	return n;
}

static struct media *media_of(const struct block_device *b)
{
	return &w.media[b->node];
}

/* Does @sector of the metadata hold a superblock, or which cell? */
static struct cell *meta_cell(struct media *m, u64 sector)
{
	const struct ha_layout *l = &m->super.layout;
	u32 slot;

	for (slot = 0; slot < 2; slot++)
		if (sector == ha_block_sector(l, HA_META_BITMAP, slot, 0))
			return &m->bits[slot];
	return sector == ha_block_sector(l, HA_META_INTENT, 0, 0) ?
	       &m->intent : NULL;
}

static void meta_io(struct bio *bio)
{
	struct media *m = media_of(bio->bi_bdev);
	u64 sector = bio->bi_iter.bi_sector;
	__le64 *payload;
	struct cell *c;
	u32 i;

	for (i = 0; i < bio->pages; i++, sector += SECTORS) {
		c = meta_cell(m, sector);
		payload = (void *)bio->page[i] + sizeof(struct ha_meta_head);
		if (!op_is_write(bio_op(bio))) {
			if (c)
				*payload = cpu_to_le64(c->now);
			continue;
		}
		if (bio->bi_opf & REQ_PREFLUSH)
			flush_meta(m);
		if (c)
			cell_write(c, le64_to_cpu(*payload));
		else
			m->super = *writing_super;
		if (c && (bio->bi_opf & REQ_FUA))
			cell_flush(c);
	}
}

static void data_io(struct bio *bio)
{
	struct media *m = media_of(bio->bi_bdev);
	u32 first = bio->bi_iter.bi_sector / SECTORS, i;

	if (bio->bi_opf & REQ_PREFLUSH)
		flush_data(m);
	for (i = 0; i < bio->pages; i++) {
		u64 *value = (u64 *)bio->page[i];

		if (!op_is_write(bio_op(bio)))
			*value = m->data[first + i].now;
		else
			cell_write(&m->data[first + i], *value);
		if (bio->bi_opf & REQ_FUA)
			cell_flush(&m->data[first + i]);
	}
}

/* --- what the module calls --- */

void submit_bio(struct bio *bio)
{
	struct node *n = &w.node[cur];

	if (n->npending == PENDING)
		abort();
	n->pending[n->npending++] = bio;
}

int submit_bio_wait(struct bio *bio)
{
	if (op_is_write(bio_op(bio)))
		yield();
	if (bio->bi_bdev->meta)
		meta_io(bio);
	else
		data_io(bio);
	return 0;
}

int blkdev_issue_flush(struct block_device *bdev)
{
	yield();
	if (bdev->meta)
		flush_meta(media_of(bdev));
	else
		flush_data(media_of(bdev));
	return 0;
}

int blkdev_issue_zeroout(struct block_device *bdev, u64 sector, u64 sectors,
			 gfp_t gfp, unsigned int flags)
{
	(void)bdev;
	(void)sector;
	(void)sectors;
	(void)gfp;
	(void)flags;
	abort();
}

static void end_io(void *arg)
{
	struct bio *bio = arg;

	bio->bi_end_io(bio);
}

bool disk_complete(int node, unsigned int i)
{
	struct node *n = &w.node[node];
	struct bio *bio;

	if (!n->up || i >= n->npending)
		return false;
	bio = n->pending[i];
	n->npending--;
	memmove(&n->pending[i], &n->pending[i + 1],
		(n->npending - i) * sizeof(n->pending[0]));
	n->pending[n->npending] = NULL;
	data_io(bio);
	run_on(node, end_io, bio);
	return true;
}

static void end_with_error(void *arg)
{
	struct node *n = arg;
	struct bio *bio;

	ha_disk_fail(n->res.disk, "I/O", -EIO);
	while (n->npending) {
		bio = n->pending[0];
		n->npending--;
		memmove(&n->pending[0], &n->pending[1],
			n->npending * sizeof(n->pending[0]));
		n->pending[n->npending] = NULL;
		bio->bi_status = BLK_STS_IOERR;
		bio->bi_end_io(bio);
	}
}

/* It goes, with what is in its cache as if by a power loss, and comes back. */
bool disk_fail(int node, unsigned int choice)
{
	struct media before = w.media[node];

	if (conf.walks && choice)
		choice = 1 + (choice * 2654435761u >> 8) %
			 disk_outcomes(&w.media[node]);
	if (choice && !disk_power_loss(&w.media[node], choice - 1)) {
		w.media[node] = before;
		return false;
	}
	oracle_disk_failed(node, memcmp(before.data, w.media[node].data,
					sizeof(before.data)));
	run_on(node, end_with_error, &w.node[node]);
	return true;
}

bool disk_complete_flush(int node)
{
	struct node *n = &w.node[node];
	u8 i;

	for (i = 0; n->up && i < n->npending; i++)
		if (!n->pending[i]->pages)
			return disk_complete(node, i);
	return false;
}

/* --- bios --- */

unsigned int bio_add_page(struct bio *bio, struct page *page, u32 len, u32 at)
{
	(void)at;
	if (bio->pages == BIO_PAGES)
		abort();
	bio->page[bio->pages++] = page;
	bio->bi_iter.bi_size += len;
	return len;
}

struct bio *bio_alloc_bioset(struct block_device *bdev, u32 vecs, blk_opf_t opf,
			     gfp_t gfp, struct bio_set *pool)
{
	u32 pad = pool ? pool->front_pad : 0;
	struct bio *bio = machine_alloc(pad + sizeof(*bio)) + pad;

	(void)vecs;
	(void)gfp;
	bio->pool = pool;
	bio->bi_bdev = bdev;
	bio->bi_opf = opf;
	return bio;
}

struct bio *bio_alloc_clone(struct block_device *bdev, const struct bio *bio, gfp_t gfp,
			    struct bio_set *pool)
{
	struct bio *clone = bio_alloc_bioset(bdev, 0, bio->bi_opf, gfp, pool);

	clone->bi_iter = bio->bi_iter;
	clone->pages = bio->pages;
	memcpy(clone->page, bio->page, sizeof(clone->page));
	return clone;
}

static void ended(const struct ha_request *req)
{
	last_missed = req->missed;
	last_without_disk = req->local != HA_PART_DONE;
}

void bio_put(struct bio *bio)
{
	if (bio->pool == &w.node[cur].res.bio_set)
		ended(container_of(bio, struct ha_request, clone));
	machine_free((void *)bio - (bio->pool ? bio->pool->front_pad : 0));
}

/* --- superblocks go as they are --- */

void ha_super_encode(const struct ha_super *s, unsigned int copy,
		     struct ha_meta_super *block)
{
	(void)copy;
	(void)block;
	writing_super = s;
}

int ha_super_decode(const struct ha_meta_super *block, struct ha_super *s,
		    const char **why)
{
	(void)block;
	(void)why;
	*s = w.media[cur].super;
	return 0;
}

int ha_super_choose(const struct ha_super *a, int err0,
		    const struct ha_super *b, int err1, struct ha_super *out)
{
	(void)err0;
	(void)err1;
	(void)b;
	*out = *a;
	return 0;
}

void ha_block_seal(void *block, enum ha_meta_area area, u32 slot, u64 number,
		   u64 sequence, const u8 device_uuid[16])
{
	(void)block;
	(void)area;
	(void)slot;
	(void)number;
	(void)sequence;
	(void)device_uuid;
}

bool ha_block_valid(const void *block, enum ha_meta_area area, u32 slot,
		    u64 number, const u8 device_uuid[16])
{
	(void)block;
	(void)area;
	(void)slot;
	(void)number;
	(void)device_uuid;
	return true;
}

struct file *bdev_file_open_by_path(const char *path, int mode, void *holder,
				    void *ops)
{
	struct node *n = &w.node[cur];
	struct file *file = machine_alloc(sizeof(*file));

	(void)mode;
	(void)holder;
	(void)ops;
	file->bdev = path[0] == 'm' ? n->meta : n->data;
	return file;
}

struct block_device *file_bdev(struct file *file)
{
	return &file->bdev;
}

u64 bdev_nr_sectors(struct block_device *bdev)
{
	return bdev->meta ? META_SECTORS : SECTORS * (u64)conf.blocks;
}

static void lineage_init(struct ha_lineage *l, int node)
{
	bool empty = conf.start == 2 || (conf.start == 1 && node == 1);

	if (empty)
		return;
	memset(l->resource_uuid, 0x5a, 16);
	l->current_gen = 1;
	l->flags = HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE;
}

void media_init(void)
{
	struct ha_layout *l;
	int i, k;

	for (i = 0; i < 2; i++) {
		struct media *m = &w.media[i];

		l = &m->super.layout;
		l->device_sectors = META_SECTORS;
		l->data_sectors = SECTORS * conf.blocks;
		l->slots = 2;
		l->bit_shift = 12;
		l->region_shift = conf.regions > 1 ? 12 : 22;
		l->bits = conf.blocks;
		l->regions = conf.regions > 1 ? conf.blocks : 1;
		l->bitmap_blocks = l->intent_blocks = 1;
		l->intent_sector = 512;
		l->bitmap_sector = 1024;
		l->first_sector = 512;
		m->super.node_id = i;
		m->super.logical_block = 512;
		lineage_init(&m->super.lineage, i);
		for (k = 0; k < BLOCKS; k++)
			cell_write(&m->data[k], conf.start && i && k < conf.blocks ?
				   15 : 0);
		flush_data(m);
		flush_meta(m);
	}
}
