// SPDX-License-Identifier: GPL-2.0-only
/* Plans: from what the kernel has to what the file says; golden files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "plan.h"
#include "samples.h"
#include "tests.h"

static void nothing(struct ha_state *state)
{
	(void)state;
}

static void diskless(struct ha_state *state)
{
	*state = sample_split();
	state->peers[0].connection = HA_CONN_STATE_CONNECTING;
}

static void standalone(struct ha_state *state)
{
	state->peers[0].connection = HA_CONN_STATE_STANDALONE;
}

static void options(struct ha_state *state)
{
	ha_values_set(&state->values, HA_OPT_FENCING,
		      HA_FENCING_RESOURCE_ONLY);
	ha_values_set(&state->values, HA_OPT_RESYNC_RATE, 1 << 20);
	ha_values_set(&state->peers[0].values, HA_OPT_TIMEOUT, 3000);
}

static void untold_options(struct ha_state *state)
{
	state->values.set = 0;
	state->peers[0].values.set = 0;
}

static void other_disk(struct ha_state *state)
{
	strcpy(state->disk_path, "/dev/sdx");
}

static void other_meta(struct ha_state *state)
{
	strcpy(state->meta_path, "/dev/sdy");
}

static void other_address(struct ha_state *state)
{
	ha_address_parse("192.168.9.9:7788", &state->peers[0].remote);
}

static void other_peer(struct ha_state *state)
{
	state->peers[0].node_id = 5;
	state->peers[0].connection = HA_CONN_STATE_STANDALONE;
	strcpy(state->peers[0].name, "old");
}

static void no_peer(struct ha_state *state)
{
	state->n_peers = 0;
}

static void other_minor(struct ha_state *state)
{
	state->minor = 4;
}

static void other_node_id(struct ha_state *state)
{
	state->node_id = 1;
}

static const struct {
	const char *name;
	void (*change)(struct ha_state *state);
} adjusts[] = {
	{ "adjust-nothing", nothing },
	{ "adjust-diskless", diskless },
	{ "adjust-standalone", standalone },
	{ "adjust-options", options },
	{ "adjust-untold-options", untold_options },
	{ "adjust-other-disk", other_disk },
	{ "adjust-other-meta", other_meta },
	{ "adjust-other-address", other_address },
	{ "adjust-other-peer", other_peer },
	{ "adjust-no-peer", no_peer },
	{ "adjust-other-minor", other_minor },
	{ "adjust-other-node-id", other_node_id },
};

static const struct {
	const char *name, *config, *resource, *host;
} ups[] = {
	{ "up-tutorial", "tutorial", "r0", "node1" },
	{ "up-tutorial-node2", "tutorial", "r0", "node2" },
	{ "up-inherit", "inherit", "data", "beta" },
	{ "up-ipv6", "inherit", "own-options", "alpha" },
	{ "up-three-nodes", "three-nodes", "mail", "b" },
};

static struct ha_conf *load(const char *name)
{
	struct conf_errors errors = { 0 };
	struct ha_conf *conf;
	char path[128];

	snprintf(path, sizeof(path), "../config/good/%s.conf", name);
	conf = ha_conf_load(path, NULL, &errors);
	assert_non_null(conf);
	return conf;
}

static void check_plan(struct ha_plan *plan, const char *name)
{
	char *text = NULL, path[128];
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_plan_print(plan, out);
	fclose(out);
	snprintf(path, sizeof(path), "plan/%s", name);
	assert_golden(path, text);
	free(text);
	ha_plan_free(plan);
}

static void test_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ups) / sizeof(ups[0]); i++) {
		struct ha_conf *conf = load(ups[i].config);
		struct ha_plan plan = { 0 };
		struct ha_plan_want want;

		want.res = ha_conf_find(conf, ups[i].resource);
		want.self = ha_conf_host_find(want.res, ups[i].host);
		want.have = NULL;
		ha_plan_adjust(&plan, &want);
		check_plan(&plan, ups[i].name);
		ha_conf_free(conf);
	}
}

static void test_adjust(void **state)
{
	struct ha_conf *conf = load("tutorial");

	(void)state;
	for (size_t i = 0; i < sizeof(adjusts) / sizeof(adjusts[0]); i++) {
		struct ha_state have = sample_in_sync();
		struct ha_plan_want want = {
			.res = &conf->resources[0],
			.self = &conf->resources[0].hosts[0],
			.have = &have,
		};
		struct ha_plan plan = { 0 };

		adjusts[i].change(&have);
		ha_plan_adjust(&plan, &want);
		check_plan(&plan, adjusts[i].name);
	}
	ha_conf_free(conf);
}

static void test_single(void **state)
{
	struct ha_conf *conf = load("tutorial");
	struct ha_plan_options opts = {
		.force = true,
		.discard_my_data = true,
		.peer = &conf->resources[0].hosts[1],
	};
	struct ha_plan plan = { 0 };

	(void)state;
	/* An option goes only where it belongs. */
	for (int cmd = HA_CMD_DETACH; cmd <= HA_CMD_OUTDATE; cmd++)
		ha_plan_single(&plan, cmd, "r0", &opts);
	check_plan(&plan, "single");
	ha_conf_free(conf);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_up),
	cmocka_unit_test(test_adjust),
	cmocka_unit_test(test_single),
};

TEST_GROUP(plan_group, tests);
