// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rest of the module as far as the rules need it: payloads that hold one
 * value a page, references that nobody counts, and what is for people only.
 */
#include <linux/ktime.h>
#include "world.h"
#include "../../kernel/device.h"
#include "../../kernel/digest.h"

static bool fits_in(size_t page)
{
	return page <= PAGE_BYTES;
}

struct ha_payload *ha_payload_alloc(u32 len, bool rx)
{
	u32 nr = DIV_ROUND_UP(len, PAGE_SIZE), i;
	struct ha_payload *p;

	p = machine_alloc(offsetof(struct ha_payload, page[0]) +
			  nr * sizeof(p->page[0]));
	p->ref.refs = 1;
	p->len = len;
	p->nr = nr;
	p->rx = rx;
	for (i = 0; i < nr && fits_in(PAGE_BYTES); i++)
		p->page[i] = machine_alloc(PAGE_BYTES);
	return p;
}

struct ha_payload *ha_payload_get(struct ha_payload *p)
{
	p->ref.refs++;
	return p;
}

void ha_payload_put(struct ha_payload *p)
{
	u32 i;

	if (--p->ref.refs)
		return;
	for (i = 0; i < p->nr; i++)
		machine_free(p->page[i]);
	machine_free(p);
}

void ha_payload_from_bio(struct ha_payload *p, struct bio *bio)
{
	u32 i;

	for (i = 0; i < p->nr; i++)
		memcpy(p->page[i], bio->page[i], PAGE_BYTES);
}

void ha_payload_to_bio(const struct ha_payload *p, struct bio *bio)
{
	(void)p;
	(void)bio;
	abort();
}

void ha_payload_fill_bio(struct ha_payload *p, struct bio *bio, u32 offset,
			 u32 len)
{
	u32 i;

	(void)offset;
	(void)len;
	for (i = 0; i < p->nr; i++)
		bio_add_page(bio, p->page[i], PAGE_SIZE, 0);
}

bool ha_payload_is_zero(const struct ha_payload *p)
{
	(void)p;
	return false;
}

void ha_digest_key(const struct ha_session *s, bool source, u8 *key)
{
	(void)s;
	(void)source;
	memset(key, 0, HA_DIGEST_KEY);
}

/* A page holds one value: its digest is that. */
void ha_digest_blocks(const u8 *key, const struct ha_payload *p, u8 *out)
{
	u32 i;

	(void)key;
	memset(out, 0, p->nr * HA_DIGEST_SIZE);
	for (i = 0; i < p->nr; i++)
		memcpy(out + i * HA_DIGEST_SIZE, page_address(p->page[i]), 8);
}

void bio_endio(struct bio *bio)
{
	oracle_completed(cur, bio);
	if (bio->pages)
		machine_free(bio->page[0]);
	bio_put(bio);
}

void ha_read_submit(struct ha_resource *res, struct bio *bio)
{
	(void)res;
	(void)bio;
	abort();
}

void ha_read_start(struct ha_request *req)
{
	(void)req;
	abort();
}

struct ha_peer *ha_peer_at(struct ha_resource *res, unsigned int i)
{
	return res->peer[i];
}

void ha_peer_put(struct ha_peer *p)
{
	(void)p;
}

void ha_resource_get(struct ha_resource *res)
{
	(void)res;
}

void ha_resource_put(struct ha_resource *res)
{
	(void)res;
}

void ha_resource_size_known(struct ha_resource *res)
{
	(void)res;
}

void ha_event(struct ha_resource *res, const char *reason)
{
	(void)res;
	(void)reason;
}

void ha_device_set_limits(struct ha_resource *res, u32 logical, u32 physical)
{
	(void)res;
	(void)logical;
	(void)physical;
}

void ha_device_announce(struct ha_resource *res)
{
	(void)res;
}

void ha_device_openers(struct ha_resource *res, char *text, size_t size)
{
	(void)res;
	(void)size;
	text[0] = '\0';
}

bool ha_device_block_open(struct ha_resource *res)
{
	(void)res;
	return true;
}

void ha_device_allow_open(struct ha_resource *res)
{
	(void)res;
}

/* Speed is not explored: a resync may always go on. */
void ha_pace_write(struct ha_pace *p, u64 ns, bool beside)
{
	(void)p;
	(void)ns;
	(void)beside;
}

struct ha_pace_step ha_pace_step(const struct ha_pace *p, bool busy)
{
	(void)p;
	(void)busy;
	return (struct ha_pace_step) { .bytes = 1u << 20, .out = 16 };
}
