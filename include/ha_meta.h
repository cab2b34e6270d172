/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * On-disk metadata of a replica: little-endian, fixed width, the one definition
 * used by the kernel, by "hadm dump-md" and by the tests.
 *
 * Layout, from the end of the metadata device (or of the backing device, when
 * metadata is internal) towards its start, all in 4 KiB blocks:
 *
 *   | data ...            | bitmaps | intent | spare | sb copy 1 | ... | sb copy 0 |
 *                                                    ^ end - 1 MiB     ^ end - 4 KiB
 *
 * "end" is the device size rounded down to 4 KiB.  The two superblock copies lie
 * in the tail of HA_META_TAIL bytes, so both are found without reading either.
 */
#ifndef HA_META_H
#define HA_META_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#else
#include <assert.h>
#endif
#include <linux/types.h>

#define HA_META_BLOCK		4096u	/* bytes of every metadata block */
#define HA_META_PAYLOAD		4064u	/* of them behind the block head */
#define HA_META_BITS		(HA_META_PAYLOAD * 8u)	/* bits a block holds */
#define HA_META_TAIL		(1u << 20)	/* bytes kept for the superblocks */
#define HA_META_SLOTS		8u
#define HA_META_HISTORY		32u
#define HA_META_VERSION		1u
#define HA_META_MAX_BITS	(1ull << 28)	/* bits of one slot's bitmap */
#define HA_META_MAX_REGIONS	(1ull << 20)	/* bits of the intent log */
#define HA_META_MIN_BIT_SHIFT	12u	/* 4 KiB */
#define HA_META_MIN_REGION_SHIFT 22u	/* 4 MiB */

#define HA_META_MAGIC		0x4d414868u	/* block magic, "hHAM" */

/* Areas: the value of ha_meta_head.area. */
enum ha_meta_area {
	HA_META_SUPER	= 1,
	HA_META_BITMAP	= 2,
	HA_META_INTENT	= 3,
};

/**
 * struct ha_meta_head - first 32 bytes of every metadata block
 * @magic: HA_META_MAGIC
 * @area: enum ha_meta_area
 * @slot: slot of a bitmap block, copy (0, 1) of a superblock, else 0
 * @number: block number within its area (and slot)
 * @sequence: grows with each write of this block
 * @crc: crc32c of the whole block with this field zero
 * @device: low 32 bits of the device uuid, so that a block of an earlier
 *	create-md is not taken for one of this
 */
struct ha_meta_head {
	__le32	magic;
	__le16	area;
	__le16	slot;
	__le64	number;
	__le64	sequence;
	__le32	crc;
	__le32	device;
};

/**
 * struct ha_meta_history - one past generation
 * @generation: its id; 0 ends the list; entry 0 is the newest
 * @time: when it was replaced, seconds since 1970
 * @node: slot of the node that minted its successor
 * @reason: enum ha_mint_reason
 */
struct ha_meta_history {
	__le64	generation;
	__le64	time;
	__le32	node;
	__le32	reason;
};

/**
 * struct ha_meta_slot - persistent facts about one node, 128 bytes
 */
struct ha_meta_slot {
	__le64	base;		/* generation since which its bits count, or 0 */
	__le64	previous_base;
	__u8	device_uuid[16];
	__le64	instance;	/* of its disk, remembered; 0 while attached */
	__le64	session;	/* last session id */
	__le64	previous_session;
	__le32	flags;		/* HA_SLOT_* */
	__le32	votes;
	__le64	stream_origin;
	__le64	stream_id;
	__le64	stream_position;
	__u8	spare[40];
};

#define HA_SLOT_CONFIGURED	(1u << 0)
#define HA_SLOT_DISKFUL		(1u << 1)
#define HA_SLOT_WITNESS		(1u << 2)
#define HA_SLOT_CLIENT		(1u << 3)
#define HA_SLOT_OUTDATED	(1u << 4)
#define HA_SLOT_FENCED		(1u << 5)
#define HA_SLOT_FULL		(1u << 6)
#define HA_SLOT_ALONE		(1u << 7)	/* promoted without it */
#define HA_SLOT_BEGUN		(1u << 8)	/* both committed the last session */

/* Flags of the superblock. */
#define HA_MF_PRIMARY		(1u << 0)
#define HA_MF_CRASHED_PRIMARY	(1u << 1)	/* was Primary and did not demote */
#define HA_MF_CONSISTENT	(1u << 2)
#define HA_MF_WAS_UPTODATE	(1u << 3)
#define HA_MF_OUTDATED		(1u << 4)
#define HA_MF_FORCED		(1u << 5)
#define HA_MF_DOUBTFUL		(1u << 6)	/* only one superblock copy was valid */
#define HA_MF_HAD_QUORUM	(1u << 7)

/**
 * struct ha_meta_super - the superblock, one 4 KiB block
 *
 * Offsets are in 512-byte sectors on the metadata device.
 */
struct ha_meta_super {
	struct ha_meta_head head;
	__le32	version;
	__le32	slots;
	__le64	compat;
	__le64	ro_compat;
	__le64	incompat;
	__u8	resource_uuid[16];	/* zero until the lineage begins */
	__u8	device_uuid[16];
	__le64	data_sectors;		/* size of the data */
	__le64	device_sectors;		/* size of the metadata device when made */
	__le64	bitmap_sector;		/* area of all bitmaps, slot after slot */
	__le64	bitmap_blocks;		/* blocks of one slot */
	__le64	intent_sector;
	__le64	intent_blocks;
	__le32	bit_shift;		/* log2 of bytes a dirty bit covers */
	__le32	region_shift;		/* log2 of bytes an intent bit covers */
	__le32	logical_block;		/* bytes, agreed with the peers */
	__le32	node_id;		/* own slot */
	__le32	internal;		/* 1: metadata on the backing device */
	__le32	flags;			/* HA_MF_* */
	__le64	instance;		/* of the latest attach */
	__le64	current_gen;		/* 0: just created */
	__le64	written;		/* bytes written since base was set: statistics */
	__le32	resize_phase;
	__le32	voters;
	__le64	quorum_epoch;
	__le64	stream_id;
	__le64	stream_position;
	__u8	spare[72];
	struct ha_meta_history history[HA_META_HISTORY];
	struct ha_meta_slot slot[HA_META_SLOTS];
	__u8	tail[2008];
};

static_assert(sizeof(struct ha_meta_head) == 32);
static_assert(sizeof(struct ha_meta_history) == 24);
static_assert(sizeof(struct ha_meta_slot) == 128);
static_assert(sizeof(struct ha_meta_super) == HA_META_BLOCK);

/* Why a generation was minted: ha_meta_history.reason. */
enum ha_mint_reason {
	HA_MINT_NONE	= 0,
	HA_MINT_INITIAL	= 1,	/* initial sync skipped or first --force */
	HA_MINT_ALONE	= 2,	/* wrote without a peer */
	HA_MINT_FORCED	= 3,	/* promoted by --force */
	HA_MINT_LOST_SLOT = 4,	/* for a Primary that lost its disk */
	HA_MINT_SYNCED	= 5,	/* replaced by the source's at the end of a resync */
};

#endif
