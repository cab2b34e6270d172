// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the kernel become states; the list of states stays in order. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "samples.h"
#include "tests.h"
#include "view.h"
#include "waiting.h"

static struct nlmsghdr *begin(void *buffer, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genlh;

	genlh = mnl_nlmsg_put_extra_header(nlh, sizeof(*genlh));
	genlh->cmd = cmd;
	return nlh;
}

static struct nlmsghdr *full_message(void *buffer)
{
	struct nlmsghdr *nlh = begin(buffer, HA_CMD_CHANGED);
	struct sockaddr_storage address;
	struct nlattr *nest;

	mnl_attr_put_strz(nlh, HA_A_NAME, "r0");
	mnl_attr_put_u32(nlh, HA_A_MINOR, 7);
	mnl_attr_put_u32(nlh, HA_A_ROLE, HA_ROLE_PRIMARY);
	mnl_attr_put_u32(nlh, HA_A_DISK_STATE, HA_DISK_STATE_UPTODATE);
	mnl_attr_put_u64(nlh, HA_A_SIZE, 1ull << 40);
	mnl_attr_put_u32(nlh, HA_A_FENCING, HA_FENCING_RESOURCE_ONLY);
	mnl_attr_put_u64(nlh, HA_A_RESYNC_RATE, 5);
	mnl_attr_put_strz(nlh, HA_A_DISK, "/dev/sdb");
	mnl_attr_put_u32(nlh, 1000, 1);		/* of a newer kernel */
	nest = mnl_attr_nest_start(nlh, HA_A_PEER);
	mnl_attr_put_u32(nlh, HA_PEER_NODE_ID, 3);
	mnl_attr_put_strz(nlh, HA_PEER_NAME, "node3");
	ha_address_parse("[fd00::1]:7788", &address);
	mnl_attr_put(nlh, HA_PEER_PEER_ADDRESS, sizeof(struct sockaddr_in6),
		     &address);
	mnl_attr_put_u32(nlh, HA_PEER_TIMEOUT, 3000);
	mnl_attr_put_u32(nlh, HA_PEER_CONNECTION, HA_CONN_STATE_CONNECTED);
	mnl_attr_put_u64(nlh, HA_PEER_RESYNC_TOTAL, 100);
	mnl_attr_put_u64(nlh, HA_PEER_RESYNC_DONE, 50);
	mnl_attr_put_strz(nlh, HA_PEER_REASON, "because");
	mnl_attr_nest_end(nlh, nest);
	return nlh;
}

static void test_decode(void **test)
{
	_Alignas(8) char buffer[4096], text[HA_ADDRESS_TEXT];
	struct ha_peer_state *peer;
	struct ha_state state;

	(void)test;
	assert_int_equal(ha_state_decode(full_message(buffer), &state), 0);
	assert_string_equal(state.name, "r0");
	assert_int_equal(state.minor, 7);
	assert_int_equal(state.role, HA_ROLE_PRIMARY);
	assert_int_equal(state.size, 1ull << 40);
	assert_string_equal(state.disk_path, "/dev/sdb");
	assert_int_equal(state.values.set, 1u << HA_OPT_FENCING |
					   1u << HA_OPT_RESYNC_RATE);
	assert_int_equal(state.values.value[HA_OPT_RESYNC_RATE], 5);
	assert_int_equal(state.n_peers, 1);
	peer = &state.peers[0];
	assert_ptr_equal(ha_state_peer(&state, 3), peer);
	assert_null(ha_state_peer(&state, 0));
	assert_string_equal(peer->name, "node3");
	assert_int_equal(peer->values.value[HA_OPT_TIMEOUT], 3000);
	assert_true(peer->resyncing);
	assert_int_equal(peer->resync_done, 50);
	assert_int_equal(peer->disk, HA_DISK_STATE_UNKNOWN);
	assert_string_equal(peer->reason, "because");
	ha_address_format(&peer->remote, text);
	assert_string_equal(text, "[fd00::1]:7788");
}

static void test_bad_messages(void **test)
{
	_Alignas(8) char buffer[16384], longer[4000];
	struct ha_state state;
	struct nlmsghdr *nlh;

	(void)test;
	assert_int_equal(ha_state_decode(begin(buffer, HA_CMD_GET), &state),
			 -EBADMSG);
	nlh = begin(buffer, HA_CMD_GET);
	memset(longer, 'x', sizeof(longer));
	mnl_attr_put(nlh, HA_A_NAME, sizeof(longer), longer);
	mnl_attr_put(nlh, HA_A_ROLE, 3, longer);
	for (int i = 0; i < 20; i++) {
		struct nlattr *nest = mnl_attr_nest_start(nlh, HA_A_PEER);

		mnl_attr_put(nlh, HA_PEER_LOCAL_ADDRESS, 5, longer);
		mnl_attr_nest_end(nlh, nest);
	}
	assert_int_equal(ha_state_decode(nlh, &state), 0);
	assert_int_equal(strlen(state.name), HA_NAME_LEN - 1);
	assert_int_equal(state.role, 0);
	assert_int_equal(state.n_peers, HA_MAX_SLOTS);
	assert_int_equal(state.peers[0].local.ss_family, 0);
}

static void test_view(void **test)
{
	struct ha_state state = sample_in_sync();
	struct ha_view view = { 0 };
	_Alignas(8) char buffer[4096];
	struct nlmsghdr *nlh;

	(void)test;
	strcpy(state.name, "z");
	ha_view_put(&view, &state);
	strcpy(state.name, "a");
	ha_view_put(&view, &state);
	ha_view_event(HA_CMD_CHANGED, full_message(buffer), &view);
	assert_int_equal(view.n, 3);
	assert_string_equal(view.states[0].name, "a");
	assert_string_equal(view.states[1].name, "r0");
	assert_string_equal(view.states[2].name, "z");
	ha_view_event(HA_CMD_CHANGED, full_message(buffer), &view);
	assert_int_equal(view.n, 3);
	nlh = begin(buffer, HA_CMD_REMOVED);
	mnl_attr_put_strz(nlh, HA_A_NAME, "r0");
	ha_view_event(HA_CMD_REMOVED, nlh, &view);
	ha_view_event(HA_CMD_REMOVED, nlh, &view);
	assert_int_equal(view.n, 2);
	assert_null(ha_view_find(&view, "r0"));
	assert_non_null(ha_view_find(&view, "z"));
	ha_view_free(&view);
}

static void check_waiting(const struct ha_state *state, bool sync,
			  const char *expected, bool expect_hopeless)
{
	bool hopeless;
	char *missing = ha_waiting_for(state, sync, &hopeless);

	if (expected)
		assert_string_equal(missing, expected);
	else
		assert_null(missing);
	assert_int_equal(hopeless, expect_hopeless);
	free(missing);
}

static void test_waiting(void **test)
{
	struct ha_state state = sample_in_sync();

	(void)test;
	check_waiting(&state, false, NULL, false);
	check_waiting(&state, true, NULL, false);
	state = sample_syncing();
	check_waiting(&state, false, NULL, false);
	check_waiting(&state, true, "peer node2 is Inconsistent", false);
	state.peers[0].disk = HA_DISK_STATE_UPTODATE;
	check_waiting(&state, true, "peer node2 is SyncSource", false);
	state.peers[0].connection = HA_CONN_STATE_CONNECTING;
	check_waiting(&state, true, "peer node2 is Connecting", false);
	state = sample_split();
	check_waiting(&state, false,
		      "peer node2 is StandAlone: split brain since 12:00",
		      true);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_decode),
	cmocka_unit_test(test_bad_messages),
	cmocka_unit_test(test_view),
	cmocka_unit_test(test_waiting),
};

TEST_GROUP(state_group, tests);
