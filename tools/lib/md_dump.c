// SPDX-License-Identifier: GPL-2.0-only
/* Printing a superblock, for people and as JSON, from one description. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "md_load.h"
#include "metadata.h"
#include "util.h"

static const char *const flag_names[] = {
	"primary", "crashed-primary", "consistent", "was-uptodate", "outdated",
	"forced", "doubtful", "had-quorum", NULL
};

static const char *const slot_flag_names[] = {
	"configured", "diskful", "witness", "client", "outdated", "fenced",
	"full", "alone", "begun", NULL
};

static const char *const reason_names[] = {
	[HA_MINT_NONE]		= "",
	[HA_MINT_INITIAL]	= "initial",
	[HA_MINT_ALONE]		= "alone",
	[HA_MINT_FORCED]	= "forced",
	[HA_MINT_LOST_SLOT]	= "lost-slot",
	[HA_MINT_SYNCED]	= "synced",
};

static json_t *generation(uint64_t value)
{
	return json_sprintf("%016" PRIx64, value);
}

static json_t *uuid(const uint8_t bytes[16])
{
	char text[33];

	for (int i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_string(text);
}

static json_t *flags(uint32_t bits, const char *const *names)
{
	json_t *list = json_array();

	for (int i = 0; names[i]; i++)
		if (bits & (1u << i))
			json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *layout(const struct ha_layout *l)
{
	return json_pack("{s:I, s:I, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:i}",
			 "data_bytes", (json_int_t)l->data_sectors * 512,
			 "device_bytes", (json_int_t)l->device_sectors * 512,
			 "internal", l->internal,
			 "bytes_per_bit", (json_int_t)1 << l->bit_shift,
			 "bytes_per_region", (json_int_t)1 << l->region_shift,
			 "bitmap_sector", (json_int_t)l->bitmap_sector,
			 "bitmap_blocks", (json_int_t)l->bitmap_blocks,
			 "intent_sector", (json_int_t)l->intent_sector,
			 "intent_blocks", (json_int_t)l->intent_blocks,
			 "slots", (int)l->slots);
}

static json_t *history(const struct ha_lineage *lineage)
{
	json_t *list = json_array(), *entry;

	for (unsigned int i = 0; i < HA_META_HISTORY; i++) {
		const struct ha_history_entry *h = &lineage->history[i];

		if (!h->generation)
			break;
		entry = json_object();
		json_object_set_new(entry, "generation",
				    generation(h->generation));
		json_object_set_new(entry, "time", json_integer(h->time));
		json_object_set_new(entry, "node_id", json_integer(h->node));
		json_object_set_new(entry, "reason",
				    json_string(h->reason <
						ARRAY_SIZE(reason_names) ?
						reason_names[h->reason] : "?"));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *slots(const struct ha_super *super)
{
	json_t *list = json_array(), *entry;

	for (unsigned int i = 0; i < super->layout.slots; i++) {
		const struct ha_slot_facts *slot = &super->lineage.slot[i];

		if (!slot->flags && !slot->base && !slot->session)
			continue;
		entry = json_object();
		json_object_set_new(entry, "node_id", json_integer(i));
		json_object_set_new(entry, "base", generation(slot->base));
		json_object_set_new(entry, "previous_base",
				    generation(slot->previous_base));
		json_object_set_new(entry, "device_uuid",
				    uuid(slot->device_uuid));
		json_object_set_new(entry, "instance",
				    generation(slot->instance));
		json_object_set_new(entry, "session",
				    generation(slot->session));
		json_object_set_new(entry, "previous_session",
				    generation(slot->previous_session));
		json_object_set_new(entry, "flags",
				    flags(slot->flags, slot_flag_names));
		json_array_append_new(list, entry);
	}
	return list;
}

static json_t *describe(const struct ha_super *super)
{
	json_t *object = json_object();

	json_object_set_new(object, "node_id", json_integer(super->node_id));
	json_object_set_new(object, "device_uuid", uuid(super->device_uuid));
	json_object_set_new(object, "resource_uuid",
			    uuid(super->lineage.resource_uuid));
	json_object_set_new(object, "generation",
			    generation(super->lineage.current_gen));
	json_object_set_new(object, "flags",
			    flags(super->lineage.flags, flag_names));
	json_object_set_new(object, "sequence", json_integer(super->sequence));
	json_object_set_new(object, "instance", generation(super->instance));
	json_object_set_new(object, "logical_block",
			    json_integer(super->logical_block));
	json_object_set_new(object, "layout", layout(&super->layout));
	json_object_set_new(object, "history", history(&super->lineage));
	json_object_set_new(object, "peers", slots(super));
	return object;
}

static void print_flags(const json_t *list, FILE *out)
{
	const json_t *value;
	size_t i;

	json_array_foreach((json_t *)list, i, value)
		fprintf(out, "%s%s", i ? ", " : "", json_string_value(value));
}

/* "key: value" for each member, lists and objects indented below their key. */
static void print_text(const json_t *object, int indent, FILE *out)
{
	const char *key;
	json_t *value, *item;
	size_t i;

	json_object_foreach((json_t *)object, key, value) {
		fprintf(out, "%*s%s: ", indent, "", key);
		if (json_is_string(value)) {
			fputs(json_string_value(value), out);
		} else if (json_is_integer(value)) {
			fprintf(out, "%" JSON_INTEGER_FORMAT,
				json_integer_value(value));
		} else if (json_is_boolean(value)) {
			fputs(json_is_true(value) ? "yes" : "no", out);
		} else if (json_is_object(value)) {
			fputc('\n', out);
			print_text(value, indent + 2, out);
			continue;
		} else if (!json_is_object(json_array_get(value, 0))) {
			print_flags(value, out);
		} else {
			fputc('\n', out);
			json_array_foreach(value, i, item) {
				print_text(item, indent + 2, out);
				if (i + 1 < json_array_size(value))
					fputc('\n', out);
			}
			continue;
		}
		fputc('\n', out);
	}
}

static char *dump(const struct md_open *md, bool json, FILE *out)
{
	struct ha_super super;
	const char *why;
	json_t *object;
	char *error;
	int result;

	error = md_load(md, &super, &result, &why);
	if (error)
		return error;
	if (result == -ENOENT)
		return xasprintf("%s has no metadata; hadm create-md makes it",
				 md->meta.path);
	if (result)
		return xasprintf("the metadata of %s cannot be used: %s",
				 md->meta.path, why ? why : strerror(-result));
	object = describe(&super);
	if (json) {
		json_dumpf(object, out, JSON_INDENT(2));
		fputc('\n', out);
	} else {
		print_text(object, 0, out);
	}
	json_decref(object);
	return NULL;
}

char *ha_md_dump(const struct ha_md_place *place, bool json, FILE *out)
{
	struct md_open md;
	char *error = md_open(&md, place, false);

	if (error)
		return error;
	error = dump(&md, json, out);
	md_close(&md);
	return error;
}
