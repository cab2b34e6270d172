/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private pages that hold the data of one write, read or resync chunk, from
 * pools with a reserve, so that I/O makes progress without free memory.
 */
#ifndef HA_PAYLOAD_H
#define HA_PAYLOAD_H

#include <linux/bio.h>
#include <linux/refcount.h>

#define HA_PAYLOAD_PAGES ((1u << 20) / PAGE_SIZE)

/**
 * struct ha_payload - up to 1 MiB of data
 * @ref: one per user (request, message in a queue, bio)
 * @len: bytes; @nr: pages; all full but perhaps the last
 * @rx: which of the two reserves it came from
 */
struct ha_payload {
	refcount_t	ref;
	u32		len;
	u32		nr;
	bool		rx;
	struct page	*page[HA_PAYLOAD_PAGES];
};

int ha_payload_init(void);
void ha_payload_exit(void);

/**
 * ha_payload_alloc - get pages for @len bytes (1 to 1 MiB), content undefined
 * @rx: true for data from the wire and for resync, false for application writes
 *
 * Context: process; may sleep (GFP_NOIO); never fails.
 */
struct ha_payload *ha_payload_alloc(u32 len, bool rx);

/**
 * ha_payload_try_alloc - the same when it can be had at once, or NULL
 * Context: any but interrupts with irqs off.
 */
struct ha_payload *ha_payload_try_alloc(u32 len, bool rx);

/** ha_payload_get, ha_payload_put - any context */
struct ha_payload *ha_payload_get(struct ha_payload *p);
void ha_payload_put(struct ha_payload *p);

/** ha_payload_from_bio - copy the data of @bio (from its iterator on) into @p */
void ha_payload_from_bio(struct ha_payload *p, struct bio *bio);

/** ha_payload_to_bio - copy @p into the pages of @bio */
void ha_payload_to_bio(const struct ha_payload *p, struct bio *bio);

/** ha_payload_fill_bio - add the pages of @p to @bio, from @offset, @len bytes */
void ha_payload_fill_bio(struct ha_payload *p, struct bio *bio, u32 offset,
			 u32 len);

/** ha_payload_sum - low half of XXH64 over the data, seed 0 */
u32 ha_payload_sum(const struct ha_payload *p);

/** ha_payload_is_zero - all bytes zero? */
bool ha_payload_is_zero(const struct ha_payload *p);

#endif
