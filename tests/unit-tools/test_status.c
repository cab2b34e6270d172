// SPDX-License-Identifier: GPL-2.0-only
/* Status as text and as JSON, of states made by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "samples.h"
#include "size.h"
#include "status.h"
#include "tests.h"
#include "util.h"

static void check_text(const char *name, const struct ha_state *state)
{
	char *text = NULL, path[128];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_status_text(state, false, out);
	fclose(out);
	snprintf(path, sizeof(path), "status/%s.txt", name);
	assert_golden(path, text);
	free(text);
}

static void check_json(const char *name, const struct ha_state *states,
		       unsigned int n)
{
	char *text = NULL, path[128];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_status_json_list(states, n, out);
	fclose(out);
	snprintf(path, sizeof(path), "status/%s.json", name);
	assert_golden(path, text);
	free(text);
}

static void test_texts(void **state)
{
	struct ha_state one = sample_in_sync();

	(void)state;
	check_text("in-sync", &one);
	one = sample_syncing();
	check_text("syncing", &one);
	one.peers[0].replication = HA_REPL_STATE_PAUSED_SYNC_S;
	check_text("paused", &one);
	one = sample_split();
	check_text("split", &one);
	one.down = true;
	check_text("down", &one);
}

static void test_json(void **state)
{
	struct ha_state states[3] = {
		sample_in_sync(), sample_syncing(), sample_split()
	};

	(void)state;
	check_json("none", states, 0);
	check_json("all", states, 3);
}

static bool has(const json_t *object, const char *members)
{
	char *list = xstrdup(members), *rest = list, *name;
	bool all = true;

	while ((name = strsep(&rest, " ")))
		all = all && json_object_get(object, name);
	free(list);
	return all;
}

/* The members that are promised, each of its type. */
static void test_json_shape(void **state)
{
	struct ha_state sample = sample_syncing();
	json_t *object = ha_status_json(&sample);
	const json_t *device, *peer, *resync;

	(void)state;
	assert_true(has(object, "name role suspended device peers"));
	assert_true(json_is_array(json_object_get(object, "suspended")));
	device = json_object_get(object, "device");
	assert_true(has(device, "path minor size_bytes disk open"));
	assert_true(json_is_true(json_object_get(device, "open")));
	peer = json_array_get(json_object_get(object, "peers"), 0);
	assert_true(has(peer, "name node_id connection role disk replication out_of_sync_bytes resync reason resynced_bytes"));
	resync = json_object_get(peer, "resync");
	assert_true(has(resync, "done_percent rate_bytes_per_second eta_seconds"));
	json_decref(object);

	sample = sample_in_sync();
	object = ha_status_json(&sample);
	peer = json_array_get(json_object_get(object, "peers"), 0);
	assert_true(json_is_null(json_object_get(peer, "resync")));
	json_decref(object);
}

static void test_bad_utf8_of_a_name(void **state)
{
	struct ha_state sample = sample_in_sync();
	json_t *object;

	(void)state;
	strcpy(sample.peers[0].reason, "\xff\xfe");
	object = ha_status_json(&sample);
	assert_non_null(object);
	json_decref(object);
}

static void test_percent_and_size(void **state)
{
	struct ha_peer_state peer = { .resync_total = 1000, .resync_done = 999 };
	char text[32];

	(void)state;
	assert_true(ha_resync_percent(&peer) < 100);
	peer.resync_done = 2000;
	assert_true(ha_resync_percent(&peer) == 100);
	peer.resync_total = 0;
	assert_true(ha_resync_percent(&peer) == 100);
	ha_size_text(0, text, sizeof(text));
	assert_string_equal(text, "0 B");
	ha_size_text(1536, text, sizeof(text));
	assert_string_equal(text, "1.5 KiB");
	ha_size_text(UINT64_MAX, text, sizeof(text));
	assert_string_equal(text, "16.0 EiB");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_texts),
	cmocka_unit_test(test_json),
	cmocka_unit_test(test_json_shape),
	cmocka_unit_test(test_bad_utf8_of_a_name),
	cmocka_unit_test(test_percent_and_size),
};

TEST_GROUP(status_group, tests);
