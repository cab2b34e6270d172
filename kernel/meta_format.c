// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] Metadata blocks: their bytes, and whether to believe them.  Does no
 * I/O and knows nothing of devices; the caller compares the sizes found here
 * with those of the real ones.
 */
#include "meta_format.h"

#define MIN_LOGICAL	512u
#define MAX_LOGICAL	4096u

#define MF_ALL		(HA_MF_PRIMARY | HA_MF_CRASHED_PRIMARY |	\
			 HA_MF_CONSISTENT | HA_MF_WAS_UPTODATE |	\
			 HA_MF_OUTDATED | HA_MF_FORCED |		\
			 HA_MF_DOUBTFUL | HA_MF_HAD_QUORUM)
#define SLOT_ALL	(HA_SLOT_CONFIGURED | HA_SLOT_DISKFUL |		\
			 HA_SLOT_WITNESS | HA_SLOT_CLIENT |		\
			 HA_SLOT_OUTDATED | HA_SLOT_FENCED |		\
			 HA_SLOT_FULL | HA_SLOT_ALONE | HA_SLOT_BEGUN)

void ha_super_init(struct ha_super *s, const struct ha_layout *l,
		   const u8 device_uuid[16], u32 node_id, u32 logical_block)
{
	memset(s, 0, sizeof(*s));
	s->layout = *l;
	memcpy(s->device_uuid, device_uuid, sizeof(s->device_uuid));
	s->sequence = 1;
	s->node_id = node_id;
	s->logical_block = logical_block;
}

static u32 device_tag(const u8 device_uuid[16])
{
	return device_uuid[0] | device_uuid[1] << 8 | device_uuid[2] << 16 |
	       (u32)device_uuid[3] << 24;
}

/* crc32c of a block with the crc field taken as zero. */
static u32 block_crc(const void *block)
{
	const size_t at = offsetof(struct ha_meta_head, crc);
	const u8 *bytes = block;
	const __le32 zero = 0;
	u32 crc;

	crc = crc32c(~0u, bytes, at);
	crc = crc32c(crc, &zero, sizeof(zero));
	return crc32c(crc, bytes + at + sizeof(zero),
		      HA_META_BLOCK - at - sizeof(zero));
}

void ha_block_seal(void *block, enum ha_meta_area area, u32 slot, u64 number,
		   u64 sequence, const u8 device_uuid[16])
{
	struct ha_meta_head *head = block;

	head->magic = cpu_to_le32(HA_META_MAGIC);
	head->area = cpu_to_le16(area);
	head->slot = cpu_to_le16(slot);
	head->number = cpu_to_le64(number);
	head->sequence = cpu_to_le64(sequence);
	head->device = cpu_to_le32(device_tag(device_uuid));
	head->crc = cpu_to_le32(block_crc(block));
}

bool ha_block_valid(const void *block, enum ha_meta_area area, u32 slot,
		    u64 number, const u8 device_uuid[16])
{
	const struct ha_meta_head *head = block;

	return le32_to_cpu(head->magic) == HA_META_MAGIC &&
	       le16_to_cpu(head->area) == area &&
	       le16_to_cpu(head->slot) == slot &&
	       le64_to_cpu(head->number) == number &&
	       le32_to_cpu(head->device) == device_tag(device_uuid) &&
	       le32_to_cpu(head->crc) == block_crc(block);
}

static void encode_layout(const struct ha_layout *l, struct ha_meta_super *b)
{
	b->slots = cpu_to_le32(l->slots);
	b->data_sectors = cpu_to_le64(l->data_sectors);
	b->device_sectors = cpu_to_le64(l->device_sectors);
	b->bitmap_sector = cpu_to_le64(l->bitmap_sector);
	b->bitmap_blocks = cpu_to_le64(l->bitmap_blocks);
	b->intent_sector = cpu_to_le64(l->intent_sector);
	b->intent_blocks = cpu_to_le64(l->intent_blocks);
	b->bit_shift = cpu_to_le32(l->bit_shift);
	b->region_shift = cpu_to_le32(l->region_shift);
	b->internal = cpu_to_le32(l->internal);
}

static void encode_slot(const struct ha_slot_facts *f, struct ha_meta_slot *b)
{
	b->base = cpu_to_le64(f->base);
	b->previous_base = cpu_to_le64(f->previous_base);
	memcpy(b->device_uuid, f->device_uuid, sizeof(b->device_uuid));
	b->instance = cpu_to_le64(f->instance);
	b->session = cpu_to_le64(f->session);
	b->previous_session = cpu_to_le64(f->previous_session);
	b->flags = cpu_to_le32(f->flags);
	b->votes = cpu_to_le32(f->votes);
	b->stream_origin = cpu_to_le64(f->stream_origin);
	b->stream_id = cpu_to_le64(f->stream_id);
	b->stream_position = cpu_to_le64(f->stream_position);
}

static void encode_lineage(const struct ha_lineage *l, struct ha_meta_super *b)
{
	u32 i;

	memcpy(b->resource_uuid, l->resource_uuid, sizeof(b->resource_uuid));
	b->current_gen = cpu_to_le64(l->current_gen);
	b->flags = cpu_to_le32(l->flags);
	for (i = 0; i < HA_META_HISTORY; i++) {
		b->history[i].generation = cpu_to_le64(l->history[i].generation);
		b->history[i].time = cpu_to_le64(l->history[i].time);
		b->history[i].node = cpu_to_le32(l->history[i].node);
		b->history[i].reason = cpu_to_le32(l->history[i].reason);
	}
	for (i = 0; i < HA_META_SLOTS; i++)
		encode_slot(&l->slot[i], &b->slot[i]);
}

void ha_super_encode(const struct ha_super *s, unsigned int copy,
		     struct ha_meta_super *block)
{
	memset(block, 0, sizeof(*block));
	block->version = cpu_to_le32(HA_META_VERSION);
	block->compat = cpu_to_le64(s->compat);
	block->ro_compat = cpu_to_le64(s->ro_compat);
	block->incompat = cpu_to_le64(s->incompat);
	memcpy(block->device_uuid, s->device_uuid, sizeof(block->device_uuid));
	encode_layout(&s->layout, block);
	encode_lineage(&s->lineage, block);
	block->logical_block = cpu_to_le32(s->logical_block);
	block->node_id = cpu_to_le32(s->node_id);
	block->instance = cpu_to_le64(s->instance);
	block->written = cpu_to_le64(s->written);
	block->resize_phase = cpu_to_le32(s->resize_phase);
	block->voters = cpu_to_le32(s->voters);
	block->quorum_epoch = cpu_to_le64(s->quorum_epoch);
	block->stream_id = cpu_to_le64(s->stream_id);
	block->stream_position = cpu_to_le64(s->stream_position);
	ha_block_seal(block, HA_META_SUPER, copy, 0, s->sequence,
		      s->device_uuid);
}

static void decode_layout(const struct ha_meta_super *b, struct ha_layout *l)
{
	memset(l, 0, sizeof(*l));
	l->slots = le32_to_cpu(b->slots);
	l->data_sectors = le64_to_cpu(b->data_sectors);
	l->device_sectors = le64_to_cpu(b->device_sectors);
	l->bitmap_sector = le64_to_cpu(b->bitmap_sector);
	l->bitmap_blocks = le64_to_cpu(b->bitmap_blocks);
	l->intent_sector = le64_to_cpu(b->intent_sector);
	l->intent_blocks = le64_to_cpu(b->intent_blocks);
	l->bit_shift = le32_to_cpu(b->bit_shift);
	l->region_shift = le32_to_cpu(b->region_shift);
	l->internal = le32_to_cpu(b->internal);
}

static const char *decode_slot(const struct ha_meta_slot *b,
			       struct ha_slot_facts *f)
{
	f->base = le64_to_cpu(b->base);
	f->previous_base = le64_to_cpu(b->previous_base);
	memcpy(f->device_uuid, b->device_uuid, sizeof(f->device_uuid));
	f->instance = le64_to_cpu(b->instance);
	f->session = le64_to_cpu(b->session);
	f->previous_session = le64_to_cpu(b->previous_session);
	f->flags = le32_to_cpu(b->flags);
	f->votes = le32_to_cpu(b->votes);
	f->stream_origin = le64_to_cpu(b->stream_origin);
	f->stream_id = le64_to_cpu(b->stream_id);
	f->stream_position = le64_to_cpu(b->stream_position);
	return f->flags & ~SLOT_ALL ? "unknown flag of a slot" : NULL;
}

static const char *decode_history(const struct ha_meta_super *b,
				  struct ha_history_entry *list)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY; i++) {
		list[i].generation = le64_to_cpu(b->history[i].generation);
		list[i].time = le64_to_cpu(b->history[i].time);
		list[i].node = le32_to_cpu(b->history[i].node);
		list[i].reason = le32_to_cpu(b->history[i].reason);
		if (list[i].generation && i && !list[i - 1].generation)
			return "the history has a gap";
		if (list[i].node >= HA_META_SLOTS)
			return "node of a past generation out of range";
		if (list[i].reason > HA_MINT_SYNCED)
			return "unknown reason of a past generation";
	}
	return NULL;
}

static const char *decode_lineage(const struct ha_meta_super *b,
				  struct ha_lineage *l)
{
	const char *bad;
	u32 i;

	memcpy(l->resource_uuid, b->resource_uuid, sizeof(l->resource_uuid));
	l->current_gen = le64_to_cpu(b->current_gen);
	l->flags = le32_to_cpu(b->flags);
	if (l->flags & ~MF_ALL)
		return "unknown flag";
	bad = decode_history(b, l->history);
	for (i = 0; i < HA_META_SLOTS && !bad; i++)
		bad = decode_slot(&b->slot[i], &l->slot[i]);
	return bad;
}

static const char *decode_node(const struct ha_meta_super *b,
			       struct ha_super *s)
{
	s->logical_block = le32_to_cpu(b->logical_block);
	s->node_id = le32_to_cpu(b->node_id);
	s->instance = le64_to_cpu(b->instance);
	s->written = le64_to_cpu(b->written);
	s->resize_phase = le32_to_cpu(b->resize_phase);
	s->voters = le32_to_cpu(b->voters);
	s->quorum_epoch = le64_to_cpu(b->quorum_epoch);
	s->stream_id = le64_to_cpu(b->stream_id);
	s->stream_position = le64_to_cpu(b->stream_position);

	if (s->logical_block < MIN_LOGICAL || s->logical_block > MAX_LOGICAL ||
	    (s->logical_block & (s->logical_block - 1)))
		return "size of a logical block out of range";
	if (s->layout.data_sectors % (s->logical_block / 512))
		return "the data do not end at a logical block";
	if (s->node_id >= s->layout.slots)
		return "own node id out of range";
	if (s->resize_phase)
		return "an unknown resize is under way";
	if (s->voters >> HA_META_SLOTS)
		return "mask of the voters out of range";
	return NULL;
}

static int check_head(const struct ha_meta_super *b, const char **why)
{
	u32 copy = le16_to_cpu(b->head.slot);

	*why = "no metadata here";
	if (le32_to_cpu(b->head.magic) != HA_META_MAGIC)
		return -ENOENT;
	*why = "the superblock is damaged";
	if (copy > 1 || !ha_block_valid(b, HA_META_SUPER, copy, 0,
					b->device_uuid))
		return -EBADMSG;
	*why = "metadata of another version";
	if (le32_to_cpu(b->version) != HA_META_VERSION)
		return -EPROTONOSUPPORT;
	*why = "the metadata use a feature that is unknown here";
	if (b->incompat || b->ro_compat)
		return -EPROTONOSUPPORT;
	return 0;
}

int ha_super_decode(const struct ha_meta_super *block, struct ha_super *s,
		    const char **why)
{
	int err = check_head(block, why);

	if (err)
		return err;

	memset(s, 0, sizeof(*s));
	s->sequence = le64_to_cpu(block->head.sequence);
	s->compat = le64_to_cpu(block->compat);
	memcpy(s->device_uuid, block->device_uuid, sizeof(s->device_uuid));
	decode_layout(block, &s->layout);
	*why = ha_layout_check(&s->layout);
	if (!*why && le32_to_cpu(block->internal) > 1)
		*why = "neither internal nor external";
	if (!*why)
		*why = decode_node(block, s);
	if (!*why)
		*why = decode_lineage(block, &s->lineage);
	return *why ? -EBADMSG : 0;
}

static int worse(int err0, int err1)
{
	if (err0 == -EPROTONOSUPPORT || err1 == -EPROTONOSUPPORT)
		return -EPROTONOSUPPORT;
	if (err0 == -ENOENT)
		return err1;
	return err0;
}

/*
 * A copy of a version that is not understood is not taken for a lost one: it
 * may be the newer.  Copies of different devices are the remains of a
 * create-md that did not end.
 */
int ha_super_choose(const struct ha_super *a, int err0,
		    const struct ha_super *b, int err1, struct ha_super *out)
{
	if ((err0 && err1) || err0 == -EPROTONOSUPPORT ||
	    err1 == -EPROTONOSUPPORT)
		return worse(err0, err1);
	if (!err0 && !err1) {
		if (memcmp(a->device_uuid, b->device_uuid,
			   sizeof(a->device_uuid)))
			return -EBADMSG;
		*out = b->sequence > a->sequence ? *b : *a;
		return 0;
	}
	*out = err0 ? *b : *a;
	out->lineage.flags |= HA_MF_DOUBTFUL;
	return 0;
}
