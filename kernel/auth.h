/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Proof that the sender of a hello knows the shared secret: HMAC-SHA256 over
 * what both sides have said.
 */
#ifndef HA_AUTH_H
#define HA_AUTH_H

#include <linux/types.h>
#include "../include/ha_wire.h"

/**
 * struct ha_auth_claim - what the sender's mac covers besides the secret
 * @node_id: the sender's, so that no side's mac serves the other
 * @session: as in the message that carries the mac
 * @sender_nonce, @receiver_nonce: of the two hellos, HA_WIRE_NONCE bytes
 * @name: of the resource, HA_WIRE_NAME bytes, zero-padded
 */
struct ha_auth_claim {
	u32		node_id;
	u32		stream;
	u64		session;
	const u8	*sender_nonce;
	const u8	*receiver_nonce;
	const u8	*name;
};

/** ha_auth_mac - compute the mac of @claim with @secret (a string) */
void ha_auth_mac(const char *secret, const struct ha_auth_claim *claim,
		 u8 mac[HA_WIRE_MAC]);

/** ha_auth_equal - compare two macs in a time that tells nothing */
bool ha_auth_equal(const u8 a[HA_WIRE_MAC], const u8 b[HA_WIRE_MAC]);

#endif
