// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages for the data of one message or request.  Any context may drop a
 * payload; only process context takes one.  Knows nothing of what the data is.
 *
 * Progress without free memory: what the page allocator does not give at once
 * comes from a reserve of one longest payload, and only one caller at a time
 * takes pages from it.  Callers waiting for their turn hold no page of the
 * reserve, so whoever has the turn needs nothing but the end of payloads that
 * are complete already.  Application writes and data from the wire have
 * reserves of their own: the former may end only after the latter did.
 */
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xxhash.h>

#include "../include/ha_wire.h"
#include "payload.h"

#define RESERVED_HEADS	16
#define SPARE_PAGES	(4 * HA_PAYLOAD_PAGES)

/*
 * struct reserve - what is kept back for one direction
 * @heads: of struct ha_payload
 * @pages: of pages
 * @turn: held by the one caller that takes from @pages
 */
struct reserve {
	mempool_t	heads;
	mempool_t	pages;
	struct mutex	turn;		/* the right to empty @pages */
};

static struct reserve reserves[2];	/* index: ha_payload.rx */

/*
 * Pages of payloads that ended, for the next ones: the kernel may have to clear
 * a page before it gives it away, and what is in a payload's is overwritten.
 */
static struct {
	spinlock_t		lock;		/* irqsave; leaf */
	struct list_head	pages;		/* by page->lru */
	unsigned int		nr;		/* up to SPARE_PAGES */
} spare = {
	.lock	= __SPIN_LOCK_UNLOCKED(spare.lock),
	.pages	= LIST_HEAD_INIT(spare.pages),
};
static struct kmem_cache *head_cache;

static void reserve_exit(struct reserve *r)
{
	mempool_exit(&r->pages);
	mempool_exit(&r->heads);
}

static int reserve_init(struct reserve *r)
{
	int err;

	mutex_init(&r->turn);
	err = mempool_init_slab_pool(&r->heads, RESERVED_HEADS, head_cache);
	if (err)
		return err;
	err = mempool_init_page_pool(&r->pages, HA_PAYLOAD_PAGES, 0);
	if (err)
		mempool_exit(&r->heads);
	return err;
}

int ha_payload_init(void)
{
	int err = -ENOMEM;

	head_cache = KMEM_CACHE(ha_payload, 0);
	if (!head_cache)
		return err;
	err = reserve_init(&reserves[0]);
	if (err)
		goto out_cache;
	err = reserve_init(&reserves[1]);
	if (err)
		goto out_first;
	return 0;

out_first:
	reserve_exit(&reserves[0]);
out_cache:
	kmem_cache_destroy(head_cache);
	return err;
}

void ha_payload_exit(void)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, &spare.pages, lru)
		__free_page(page);
	reserve_exit(&reserves[1]);
	reserve_exit(&reserves[0]);
	kmem_cache_destroy(head_cache);
}

static u32 take_spare(struct page **page, u32 nr)
{
	unsigned long flags;
	u32 got = 0;

	spin_lock_irqsave(&spare.lock, flags);
	while (got < nr && spare.nr) {
		page[got] = list_first_entry(&spare.pages, struct page, lru);
		list_del(&page[got++]->lru);
		spare.nr--;
	}
	spin_unlock_irqrestore(&spare.lock, flags);
	return got;
}

static bool give_spare(struct page *page)
{
	unsigned long flags;
	bool room;

	spin_lock_irqsave(&spare.lock, flags);
	room = spare.nr < SPARE_PAGES;
	if (room) {
		list_add(&page->lru, &spare.pages);
		spare.nr++;
	}
	spin_unlock_irqrestore(&spare.lock, flags);
	return room;
}

static u32 take_free_pages(struct page **page, u32 nr, gfp_t gfp)
{
	u32 had, got;

	gfp |= __GFP_NORETRY | __GFP_NOWARN | __GFP_NOMEMALLOC;
	got = take_spare(page, nr);
	memset(page + got, 0, (nr - got) * sizeof(*page));
	while (got < nr) {
		had = got;
		got = alloc_pages_bulk_array(gfp, nr, page);
		if (got == had)
			break;
	}
	return got;
}

static void begin(struct ha_payload *p, u32 len, bool rx)
{
	refcount_set(&p->ref, 1);
	p->len = len;
	p->nr = DIV_ROUND_UP(len, PAGE_SIZE);
	p->rx = rx;
}

struct ha_payload *ha_payload_try_alloc(u32 len, bool rx)
{
	struct ha_payload *p;
	u32 got;

	p = kmem_cache_alloc(head_cache, GFP_NOWAIT | __GFP_NOWARN |
			     __GFP_NOMEMALLOC);
	if (!p)
		return NULL;
	begin(p, len, rx);
	got = take_free_pages(p->page, p->nr, GFP_NOWAIT);
	if (likely(got == p->nr))
		return p;
	p->nr = got;		/* those there are go back */
	ha_payload_put(p);
	return NULL;
}

struct ha_payload *ha_payload_alloc(u32 len, bool rx)
{
	struct reserve *r = &reserves[rx];
	struct ha_payload *p;
	u32 got;

	if (WARN_ON_ONCE(!len || len > HA_WIRE_MAX_PAYLOAD))
		len = HA_WIRE_MAX_PAYLOAD;

	p = mempool_alloc(&r->heads, GFP_NOIO);
	begin(p, len, rx);

	got = take_free_pages(p->page, p->nr, GFP_NOIO);
	if (likely(got == p->nr))
		return p;

	mutex_lock(&r->turn);
	for (; got < p->nr; got++)
		p->page[got] = mempool_alloc(&r->pages, GFP_NOIO);
	mutex_unlock(&r->turn);
	return p;
}

struct ha_payload *ha_payload_get(struct ha_payload *p)
{
	refcount_inc(&p->ref);
	return p;
}

/*
 * A page that a socket still refers to may be sent again, so it must not
 * become the page of another payload: it goes back to the system, which keeps
 * it until the socket is done, and the reserve gets another one.
 */
static void release_page(struct reserve *r, struct page *page)
{
	if (likely(page_count(page) == 1)) {
		if (READ_ONCE(r->pages.curr_nr) < r->pages.min_nr ||
		    !give_spare(page))
			mempool_free(page, &r->pages);
		return;
	}
	put_page(page);
	if (READ_ONCE(r->pages.curr_nr) >= r->pages.min_nr)
		return;
	page = alloc_page(GFP_NOWAIT | __GFP_NOWARN);
	if (page)
		mempool_free(page, &r->pages);
}

void ha_payload_put(struct ha_payload *p)
{
	struct reserve *r;
	u32 i;

	if (!refcount_dec_and_test(&p->ref))
		return;
	r = &reserves[p->rx];
	for (i = 0; i < p->nr; i++)
		release_page(r, p->page[i]);
	mempool_free(p, &r->heads);
}

/* Bytes from @offset on that lie in one page and within the payload. */
static u32 span(const struct ha_payload *p, u32 offset, u32 len)
{
	len = min_t(u32, len, PAGE_SIZE - offset_in_page(offset));
	return min(len, p->len - offset);
}

static void *address(const struct ha_payload *p, u32 offset)
{
	return page_address(p->page[offset / PAGE_SIZE]) +
	       offset_in_page(offset);
}

/* Copy between a mapped segment and the payload; returns the new offset. */
static u32 copy_segment(const struct ha_payload *p, u32 offset, u8 *mem,
			u32 len, bool to_payload)
{
	u32 part;

	while (len && offset < p->len) {
		part = span(p, offset, len);
		if (to_payload)
			memcpy(address(p, offset), mem, part);
		else
			memcpy(mem, address(p, offset), part);
		mem += part;
		offset += part;
		len -= part;
	}
	return offset;
}

static void copy_bio(const struct ha_payload *p, struct bio *bio,
		     bool to_payload)
{
	struct bvec_iter iter;
	struct bio_vec bv;
	u32 offset = 0;
	void *mem;

	bio_for_each_segment(bv, bio, iter) {
		mem = bvec_kmap_local(&bv);
		offset = copy_segment(p, offset, mem, bv.bv_len, to_payload);
		if (!to_payload)
			flush_dcache_page(bv.bv_page);
		kunmap_local(mem);
	}
}

void ha_payload_from_bio(struct ha_payload *p, struct bio *bio)
{
	copy_bio(p, bio, true);
}

void ha_payload_to_bio(const struct ha_payload *p, struct bio *bio)
{
	copy_bio(p, bio, false);
}

void ha_payload_fill_bio(struct ha_payload *p, struct bio *bio, u32 offset,
			 u32 len)
{
	u32 part;

	while (len && offset < p->len) {
		part = span(p, offset, len);
		if (WARN_ON_ONCE(bio_add_page(bio, p->page[offset / PAGE_SIZE],
					      part, offset_in_page(offset)) != part))
			return;
		offset += part;
		len -= part;
	}
}

u32 ha_payload_sum(const struct ha_payload *p)
{
	struct xxh64_state state;
	u32 offset, part;

	if (p->len <= PAGE_SIZE)
		return lower_32_bits(xxh64(address(p, 0), p->len, 0));
	xxh64_reset(&state, 0);
	for (offset = 0; offset < p->len; offset += part) {
		part = span(p, offset, p->len);
		xxh64_update(&state, address(p, offset), part);
	}
	return lower_32_bits(xxh64_digest(&state));
}

bool ha_payload_is_zero(const struct ha_payload *p)
{
	u32 offset, part;

	for (offset = 0; offset < p->len; offset += part) {
		part = span(p, offset, p->len);
		if (memchr_inv(address(p, offset), 0, part))
			return false;
	}
	return true;
}
