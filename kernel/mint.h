/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * New generations: a Primary mints one before the first write completes that
 * some replica did not take part in.
 */
#ifndef HA_MINT_H
#define HA_MINT_H

#include "disk.h"
#include "resource.h"

/**
 * ha_mint - replace the current generation, durably, for this lone period
 *
 * Closes the gate meanwhile.  Does nothing when the period has been minted for.
 * Context: process; sleeps; not under locks.
 * Return: 0, or -EIO (the disk has failed; its work takes over), -ENODEV
 * (Diskless: the peer mints, see ha_lose_slot()).
 */
int ha_mint(struct ha_resource *res, enum ha_mint_reason reason);

/** ha_new_generation - a random id that is not 0 */
u64 ha_new_generation(void);

#endif
