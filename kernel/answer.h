/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This node's answers to the peer's questions and orders.
 */
#ifndef HA_ANSWER_H
#define HA_ANSWER_H

#include "session.h"

/**
 * ha_answer_promote, _skip_sync, _lose_slot, _control - the answer goes out later,
 * from a work
 * @payload: taken over
 * Return: 0, or -errno with *@why: the session is to end.
 */
int ha_answer_promote(struct ha_session *s, const struct ha_wire_question *q,
		      const char **why);
int ha_answer_skip_sync(struct ha_session *s, const struct ha_wire_question *q,
			const char **why);
int ha_answer_lose_slot(struct ha_session *s,
			const struct ha_wire_lose_slot *w,
			struct ha_payload *payload, const char **why);
int ha_answer_control(struct ha_session *s, const struct ha_wire_control *w,
		      const char **why);

/** ha_skip_sync_here - both are declared equal: take the lineage over, durably */
int ha_skip_sync_here(struct ha_session *s, u64 generation, const u8 *uuid);

#endif
