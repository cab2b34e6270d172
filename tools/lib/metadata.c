// SPDX-License-Identifier: GPL-2.0-only
/* Making and erasing metadata; refuses to destroy what is there. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/random.h>

#include "md_load.h"
#include "md_probe.h"
#include "metadata.h"
#include "size.h"
#include "util.h"

#define BATCH	256u	/* blocks written at once */

static char *make_layout(const struct md_open *md, struct ha_layout *layout)
{
	int ret = ha_layout_make(layout, md->data.size / 512,
				 md->meta.size / 512, md->internal,
				 HA_META_SLOTS);

	if (!ret)
		return NULL;
	if (ret == -ENOSPC)
		return xasprintf("%s is too small (%" PRIu64 " KiB)",
				 md->meta.path, md->meta.size / 1024);
	return xasprintf("%s: its size is not supported", md->data.path);
}

/* Is there anything that the new metadata would destroy? */
static char *check_free(const struct md_open *md,
			const struct ha_layout *layout)
{
	uint64_t keep = md->internal ? layout->first_sector * 512 : 0;
	struct ha_super super;
	const char *why;
	char *error, *found;
	int result;

	error = md_load(md, &super, &result, &why);
	if (error)
		return error;
	if (result != -ENOENT)
		return xasprintf("%s already has metadata of a replica%s; with --force it is overwritten and all is synced anew",
				 md->meta.path, result ? ", damaged" : "");
	found = md_probe(&md->meta, keep);
	if (!found)
		return NULL;
	error = xasprintf("%s holds %s; --force overwrites it", md->meta.path,
			  found);
	free(found);
	return error;
}

/* Writes @count empty blocks of one area. */
static char *write_area(const struct md_open *md, const struct ha_super *super,
			enum ha_meta_area area, uint32_t slot, uint64_t count)
{
	uint8_t *buffer = aligned_alloc(HA_META_BLOCK, BATCH * HA_META_BLOCK);
	char *error = NULL;

	if (!buffer)
		return xstrdup("out of memory");
	for (uint64_t at = 0; at < count && !error; at += BATCH) {
		uint64_t n = count - at < BATCH ? count - at : BATCH;

		memset(buffer, 0, BATCH * HA_META_BLOCK);
		for (uint64_t i = 0; i < n; i++)
			ha_block_seal(buffer + i * HA_META_BLOCK, area, slot,
				      at + i, super->sequence,
				      super->device_uuid);
		error = md_device_write(&md->meta, buffer, n * HA_META_BLOCK,
					ha_block_sector(&super->layout, area,
							slot, at) * 512);
	}
	free(buffer);
	return error;
}

static char *write_super(const struct md_open *md, const struct ha_super *super,
			 unsigned int copy)
{
	static _Alignas(HA_META_BLOCK) struct ha_meta_super block;
	uint64_t sector = ha_super_sector(md->meta.size / 512, copy);
	char *error;

	if (super)
		ha_super_encode(super, copy, &block);
	else
		memset(&block, 0, sizeof(block));
	error = md_device_write(&md->meta, &block, sizeof(block), sector * 512);
	return error ? error : md_device_flush(&md->meta);
}

/*
 * The old superblocks go first and the new come last: a creation that is
 * interrupted leaves no metadata, not some that points to stale bitmaps.
 */
static char *write_all(const struct md_open *md, const struct ha_super *super)
{
	const struct ha_layout *layout = &super->layout;
	char *error = write_super(md, NULL, 0);

	if (!error)
		error = write_super(md, NULL, 1);
	for (uint32_t slot = 0; !error && slot < layout->slots; slot++)
		error = write_area(md, super, HA_META_BITMAP, slot,
				   layout->bitmap_blocks);
	if (!error)
		error = write_area(md, super, HA_META_INTENT, 0,
				   layout->intent_blocks);
	if (!error)
		error = md_device_flush(&md->meta);
	if (!error)
		error = write_super(md, super, 0);
	if (!error)
		error = write_super(md, super, 1);
	return error;
}

static char *create(const struct md_open *md, unsigned int node_id, bool force,
		    FILE *out)
{
	char *error, data[32], meta[32];
	struct ha_layout layout;
	struct ha_super super;
	uint8_t uuid[16];

	error = make_layout(md, &layout);
	if (!error && !force)
		error = check_free(md, &layout);
	if (error)
		return error;
	if (getrandom(uuid, sizeof(uuid), 0) != sizeof(uuid))
		return xstrdup("no random numbers");
	ha_super_init(&super, &layout, uuid, node_id, md->data.logical_block);
	error = write_all(md, &super);
	if (error)
		return error;
	ha_size_text(layout.data_sectors * 512, data, sizeof(data));
	ha_size_text(md->meta.size - layout.first_sector * 512, meta,
		     sizeof(meta));
	fprintf(out, "%s: metadata written (%s), %s for data\n", md->meta.path,
		meta, data);
	return NULL;
}

char *ha_md_create(const struct ha_md_place *place, unsigned int node_id,
		   bool force, FILE *out)
{
	struct md_open md;
	char *error = md_open(&md, place, true);

	if (error)
		return error;
	error = create(&md, node_id, force, out);
	md_close(&md);
	return error;
}

static char *wipe(const struct md_open *md, bool force)
{
	struct ha_super super;
	const char *why;
	int result;
	char *error = md_load(md, &super, &result, &why);

	if (error)
		return error;
	if (result && !force)
		return xasprintf("%s has no metadata that can be read%s%s",
				 md->meta.path, why ? ": " : "",
				 why ? why : "");
	if (md->meta.size < 2 * HA_META_TAIL)
		return xasprintf("%s is too small for metadata", md->meta.path);
	error = write_super(md, NULL, 0);
	return error ? error : write_super(md, NULL, 1);
}

char *ha_md_wipe(const struct ha_md_place *place, bool force)
{
	struct md_open md;
	char *error = md_open(&md, place, true);

	if (error)
		return error;
	error = wipe(&md, force);
	md_close(&md);
	return error;
}
