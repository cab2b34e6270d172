/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate: reasons for which writes are not decided now.  Requests behind a
 * closed gate are parked; those already decided go on and are counted in
 * res->inflight.
 */
#ifndef HA_GATE_H
#define HA_GATE_H

#include "resource.h"

/** ha_gate_close - for one more reason (HA_GATE_*); any context */
void ha_gate_close(struct ha_resource *res, u32 reason);

/** ha_gate_open - drop reasons; the last one resumes what was parked */
void ha_gate_open(struct ha_resource *res, u32 reasons);

/**
 * ha_gate_drain - wait until no write or flush is in flight
 * Return: 0, -ETIMEDOUT, or -EINTR on a fatal signal.
 */
int ha_gate_drain(struct ha_resource *res, u32 timeout_ms);

/**
 * ha_thaw - the one place where a resource regains what it missed: drops the
 * no-data reason when data is reachable and the given reasons, then resumes
 */
void ha_thaw(struct ha_resource *res, u32 reasons);

#endif
