/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Digests of blocks, by which the two ends of a resync find what differs.
 */
#ifndef HA_DIGEST_H
#define HA_DIGEST_H

#include <linux/types.h>

#define HA_DIGEST_SIZE	16u
#define HA_DIGEST_BLOCK	4096u
#define HA_DIGEST_KEY	32u

struct ha_payload;
struct ha_session;

/**
 * ha_digest_key - the key of a session's resync, equal on both ends
 * @s: with the verdict committed: the nonces of both snapshots are its source
 * @source: is this node the source?
 * @key: HA_DIGEST_KEY bytes
 */
void ha_digest_key(const struct ha_session *s, bool source, u8 *key);

/**
 * ha_digest_blocks - a digest for each HA_DIGEST_BLOCK bytes, the last may be less
 * @out: HA_DIGEST_SIZE bytes for each page of @p
 *
 * Poly1305 (RFC 8439) under @key.  Two different blocks have the same digest
 * with a probability of at most 2^-95, whatever is in them, because the key is
 * random and younger than they are (D. J. Bernstein, The Poly1305-AES
 * message-authentication code, theorem 3.3).
 */
void ha_digest_blocks(const u8 *key, const struct ha_payload *p, u8 *out);

#endif
