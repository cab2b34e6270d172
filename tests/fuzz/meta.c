// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: both superblock copies of a disk, and the heads of its other
 * blocks. What is accepted must describe areas that lie on the device and do
 * not overlap, and be the same when it is written and read again.
 *
 * Input: what to seal anew (1 byte), a range (16 bytes), copy 0, copy 1. A copy
 * that the input does not reach is zero.
 */
#include "../../kernel/meta_format.h"
#include "fuzz.h"

static void seal(struct ha_meta_super *b, unsigned int copy)
{
	ha_block_seal(b, HA_META_SUPER, copy, 0, le64_to_cpu(b->head.sequence),
		      b->device_uuid);
	MUST(ha_block_valid(b, HA_META_SUPER, copy, 0, b->device_uuid));
}

static void check_layout(const struct ha_layout *l, const u64 range[2])
{
	u64 first, count, end = l->device_sectors;

	MUST(l->slots && l->slots <= HA_META_SLOTS);
	MUST(l->bit_shift >= HA_META_MIN_BIT_SHIFT && l->bit_shift < 64);
	MUST(l->bits && l->bits <= HA_META_MAX_BITS);
	MUST(l->regions && l->regions <= HA_META_MAX_REGIONS);
	MUST(l->bits <= l->bitmap_blocks * HA_META_BITS);
	MUST(l->regions <= l->intent_blocks * HA_META_BITS);
	MUST(ha_block_sector(l, HA_META_BITMAP, l->slots - 1,
			     l->bitmap_blocks - 1) + 8 <= end);
	MUST(ha_block_sector(l, HA_META_INTENT, 0, l->intent_blocks - 1) + 8 <=
	     end);
	MUST(ha_super_sector(end, 0) + 8 <= end);
	MUST(ha_super_sector(end, 1) + 8 <= end);
	MUST(!l->internal || l->data_sectors <= l->first_sector);

	ha_bits_outward(l, range[0], range[1], &first, &count);
	MUST(!count || (first < l->bits && count <= l->bits - first));
	ha_bits_inward(l, range[0], range[1], &first, &count);
	MUST(!count || (first < l->bits && count <= l->bits - first));
	ha_regions(l, range[0], range[1], &first, &count);
	MUST(!count || (first < l->regions && count <= l->regions - first));
}

static void check_super(const struct ha_super *s, const u64 range[2])
{
	struct ha_meta_super b;
	struct ha_super again;
	const char *why;

	MUST(s->node_id < s->layout.slots);
	MUST(s->logical_block >= 512 && s->logical_block <= HA_META_BLOCK);
	check_layout(&s->layout, range);
	ha_super_encode(s, 0, &b);
	MUST(!ha_super_decode(&b, &again, &why));
	MUST(!memcmp(&again.lineage, &s->lineage, sizeof(again.lineage)));
	MUST(!memcmp(&again.layout, &s->layout, sizeof(again.layout)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned int right = take_byte(&in), i;
	static struct ha_super super[2], chosen;
	static struct ha_meta_super b;
	const char *why;
	u64 range[2];
	int err[2];

	take(&in, range, sizeof(range));
	for (i = 0; i < 2; i++) {
		take(&in, &b, sizeof(b));
		ha_block_valid(&b, HA_META_BITMAP, right & 7, range[0],
			       b.device_uuid);
		if (right & (1u << i))
			seal(&b, i);
		why = NULL;
		err[i] = ha_super_decode(&b, &super[i], &why);
		MUST(!err[i] || (why && *why));
		if (!err[i])
			check_super(&super[i], range);
	}
	if (!ha_super_choose(&super[0], err[0], &super[1], err[1], &chosen))
		check_super(&chosen, range);
	else
		MUST(err[0] || err[1] || memcmp(super[0].device_uuid,
						super[1].device_uuid, 16));
	return 0;
}
