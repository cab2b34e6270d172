// SPDX-License-Identifier: GPL-2.0-only
/*
 * HMAC-SHA256 (RFC 2104) and what it is computed over.  Pure computation: no
 * lock, no allocation; knows nothing of sockets or peers.
 */
#include <crypto/sha2.h>
#include <crypto/utils.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "auth.h"

static_assert(SHA256_DIGEST_SIZE == HA_WIRE_MAC);

static const u8 label[8] = "ha-auth";

struct hmac {
	struct sha256_state	inner;
	u8			key[SHA256_BLOCK_SIZE];
};

static void xor_key(struct hmac *h, u8 value)
{
	unsigned int i;

	for (i = 0; i < sizeof(h->key); i++)
		h->key[i] ^= value;
}

static void hmac_init(struct hmac *h, const u8 *key, size_t len)
{
	memset(h->key, 0, sizeof(h->key));
	if (len > sizeof(h->key))
		sha256(key, len, h->key);
	else
		memcpy(h->key, key, len);
	xor_key(h, 0x36);
	sha256_init(&h->inner);
	sha256_update(&h->inner, h->key, sizeof(h->key));
}

static void hmac_final(struct hmac *h, u8 mac[SHA256_DIGEST_SIZE])
{
	struct sha256_state outer;

	sha256_final(&h->inner, mac);
	xor_key(h, 0x36 ^ 0x5c);
	sha256_init(&outer);
	sha256_update(&outer, h->key, sizeof(h->key));
	sha256_update(&outer, mac, SHA256_DIGEST_SIZE);
	sha256_final(&outer, mac);
	memzero_explicit(h, sizeof(*h));
}

void ha_auth_mac(const char *secret, const struct ha_auth_claim *claim,
		 u8 mac[HA_WIRE_MAC])
{
	struct {
		__le32 node_id;
		__le32 stream;
		__le64 session;
	} fixed = {
		.node_id = cpu_to_le32(claim->node_id),
		.stream	 = cpu_to_le32(claim->stream),
		.session = cpu_to_le64(claim->session),
	};
	struct hmac h;

	hmac_init(&h, secret, strlen(secret));
	sha256_update(&h.inner, label, sizeof(label));
	sha256_update(&h.inner, (const u8 *)&fixed, sizeof(fixed));
	sha256_update(&h.inner, claim->sender_nonce, HA_WIRE_NONCE);
	sha256_update(&h.inner, claim->receiver_nonce, HA_WIRE_NONCE);
	sha256_update(&h.inner, claim->name, HA_WIRE_NAME);
	hmac_final(&h, mac);
}

bool ha_auth_equal(const u8 a[HA_WIRE_MAC], const u8 b[HA_WIRE_MAC])
{
	return !crypto_memneq(a, b, HA_WIRE_MAC);
}
