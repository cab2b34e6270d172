// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: both superblock copies of a disk, and the heads of its other
 * blocks. What is accepted must describe areas that lie on the device and do
 * not overlap, and be the same when it is written and read again.
 *
 * Input: what to seal anew (1 byte), a range (16 bytes), then copy 0, copy 1; a
 * copy that the input does not reach is zero. Or, with PATCHES, changes of a
 * sound superblock: copy (1 byte), offset (2 bytes), value (8 bytes) each.
 */
#include "../../kernel/meta_format.h"
#include "fuzz.h"

enum { SEAL = 3, SEVEN = 7, PATCHES = 128 };

/* A sound superblock of 64 MiB, then the changes. */
static void make_patched(struct input *in, struct ha_meta_super copy[2])
{
	static const u8 uuid[16] = "device-uuid";
	struct ha_layout layout;
	struct ha_super super;
	unsigned int i, where, most;
	u8 *bytes;

	MUST(!ha_layout_make(&layout, 1u << 17, 1u << 17, true, 8));
	ha_super_init(&super, &layout, uuid, 0, 512);
	for (i = 0; i < 2; i++)
		ha_super_encode(&super, i, &copy[i]);
	while (in->size) {
		bytes = (u8 *)&copy[take_byte(in) & 1];
		where = take_byte(in) | take_byte(in) << 8;
		/* The layout is at the beginning: there twice as often. */
		most = where & 1 ? 256 : sizeof(struct ha_meta_super);
		take(in, bytes + (where >> 1) % (most / 4 - 1) * 4, 8);
	}
}

static void seal(struct ha_meta_super *b, unsigned int copy)
{
	ha_block_seal(b, HA_META_SUPER, copy, 0, le64_to_cpu(b->head.sequence),
		      b->device_uuid);
}

static void check_layout(const struct ha_layout *l, const u64 range[2])
{
	u64 first, count, end = ha_super_sector(l->device_sectors, 1);

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
	MUST(end + 8 <= ha_super_sector(l->device_sectors, 0));
	MUST(ha_super_sector(l->device_sectors, 0) + 8 <= l->device_sectors);
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
	static struct ha_meta_super copy[2];
	const char *why;
	u64 range[2];
	int err[2];

	take(&in, range, sizeof(range));
	if (right & PATCHES) {
		make_patched(&in, copy);
		right |= SEAL;
	} else {
		take(&in, &copy[0], sizeof(copy[0]));
		take(&in, &copy[1], sizeof(copy[1]));
	}
	for (i = 0; i < 2; i++) {
		ha_block_valid(&copy[i], HA_META_BITMAP, right & SEVEN,
			       range[0], copy[i].device_uuid);
		if (right & (1u << i))
			seal(&copy[i], i);
		why = NULL;
		err[i] = ha_super_decode(&copy[i], &super[i], &why);
		MUST(!err[i] || (why && *why));
		if (!err[i])
			check_super(&super[i], range);
	}
	if (!ha_super_choose(&super[0], err[0], &super[1], err[1], &chosen))
		check_layout(&chosen.layout, range);
	else
		MUST(err[0] || err[1] || memcmp(super[0].device_uuid,
						super[1].device_uuid, 16));
	return 0;
}
