// SPDX-License-Identifier: GPL-2.0-only
/*
 * Digests of blocks, by which the two ends of a resync find what differs.
 */
#include <crypto/poly1305.h>
#include <crypto/sha2.h>
#include "digest.h"
#include "payload.h"
#include "session.h"

void ha_digest_key(const struct ha_session *s, bool source, u8 *key)
{
	const struct ha_snapshot *from = source ? &s->mine : &s->theirs;
	const struct ha_snapshot *to = source ? &s->theirs : &s->mine;
	__le64 seed[3] = {
		cpu_to_le64(from->nonce),
		cpu_to_le64(to->nonce),
		cpu_to_le64(s->id),
	};

	sha256((const u8 *)seed, sizeof(seed), key);
}

void ha_digest_blocks(const u8 *key, const struct ha_payload *p, u8 *out)
{
	struct poly1305_desc_ctx ctx;
	u32 i, len;

	for (i = 0; i < p->nr; i++) {
		len = min_t(u32, PAGE_SIZE, p->len - i * PAGE_SIZE);
		poly1305_init(&ctx, key);
		poly1305_update(&ctx, page_address(p->page[i]), len);
		poly1305_final(&ctx, out + i * HA_DIGEST_SIZE);
	}
}
