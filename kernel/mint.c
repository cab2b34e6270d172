// SPDX-License-Identifier: GPL-2.0-only
/*
 * Minting: the durable change of the current generation.
 */
#include <linux/random.h>
#include <linux/ktime.h>
#include "gate.h"
#include "mint.h"
#include "request.h"

struct mint_args {
	struct ha_resource *res;
	enum ha_mint_reason reason;
	u64 generation;
	u32 absent;
};

u64 ha_new_generation(void)
{
	u64 g;

	do {
		g = get_random_u64();
	} while (!g);
	return g;
}

/* This copy becomes the data; a lineage begins if there is none. */
static void begin_forced(struct ha_lineage *l)
{
	static const u8 none[16];

	if (!memcmp(l->resource_uuid, none, sizeof(none)))
		get_random_bytes(l->resource_uuid, sizeof(l->resource_uuid));
	l->flags &= ~(HA_MF_OUTDATED | HA_MF_DOUBTFUL);
	l->flags |= HA_MF_FORCED;
}

static bool mint_change(struct ha_super *s, void *arg)
{
	struct mint_args *a = arg;

	ha_lineage_mint(&s->lineage, a->generation, a->absent, s->node_id,
			ktime_get_real_seconds(), a->reason);
	if (a->reason == HA_MINT_FORCED)
		begin_forced(&s->lineage);
	s->lineage.flags |= HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE;
	return true;
}

static int mint_once(struct ha_resource *res, enum ha_mint_reason reason)
{
	struct mint_args args = { .res = res, .reason = reason };
	struct ha_disk *d;
	u32 epoch;
	int err;

	spin_lock_irq(&res->state_lock);
	epoch = res->epoch;
	args.absent = ha_absent_slots(res);
	d = res->disk;
	if (d)
		ha_disk_get(d);
	spin_unlock_irq(&res->state_lock);
	if (!d)
		return -ENODEV;

	args.generation = ha_new_generation();
	/*
	 * From here on this copy wins over one that has all that was completed
	 * together: that must not be in our cache only.
	 */
	err = ha_disk_update(d, mint_change, &args, true);
	ha_disk_put(d);
	if (err)
		return err;
	ha_info(res, "new generation %016llx: %s\n", args.generation,
		reason == HA_MINT_ALONE ? "writing without a peer" :
		reason == HA_MINT_FORCED ? "promoted by force" : "initial");
	spin_lock_irq(&res->state_lock);
	res->minted_epoch = epoch;
	res->exposed_gen = args.generation;
	spin_unlock_irq(&res->state_lock);
	return 0;
}

int ha_mint(struct ha_resource *res, enum ha_mint_reason reason)
{
	int err = 0;

	ha_gate_close(res, HA_GATE_MINT);
	while (!err && READ_ONCE(res->minted_epoch) != READ_ONCE(res->epoch))
		err = mint_once(res, reason);
	ha_gate_open(res, HA_GATE_MINT);
	return err;
}
