// SPDX-License-Identifier: GPL-2.0-only
/* Facts and grades of devices. */
#include <stdlib.h>
#include <string.h>

#include "exec.h"
#include "storage_facts.h"
#include "tests.h"

static struct ha_state device(uint32_t role, uint32_t disk, uint32_t connection,
			      uint32_t peer_disk)
{
	struct ha_state state = {
		.name = "r0", .role = role, .disk = disk, .n_peers = 1,
		.generation = 0x123456789abcdef0,
		.peers = { { .node_id = 1, .name = "n2",
			     .connection = connection, .role = HA_ROLE_UNKNOWN,
			     .disk = peer_disk } },
	};

	return state;
}

#define UP	HA_DISK_STATE_UPTODATE
#define INC	HA_DISK_STATE_INCONSISTENT
#define NONE	HA_DISK_STATE_DISKLESS
#define OLD	HA_DISK_STATE_OUTDATED
#define UNK	HA_DISK_STATE_UNKNOWN
#define CON	HA_CONN_STATE_CONNECTED
#define LOOK	HA_CONN_STATE_CONNECTING
#define SEC	HA_ROLE_SECONDARY
#define PRI	HA_ROLE_PRIMARY

static void grades(void **state)
{
	static const struct {
		uint32_t disk, connection, peer;
		enum storage_grade grade;
	} cases[] = {
		{ UP, CON, UP, STORAGE_BEST }, { UP, CON, INC, STORAGE_BEST },
		{ UP, LOOK, UNK, STORAGE_ALONE }, { UP, LOOK, OLD, STORAGE_BEST },
		{ UP, LOOK, UP, STORAGE_ALONE },
		{ HA_DISK_STATE_CONSISTENT, LOOK, UNK, STORAGE_CONSISTENT },
		{ INC, CON, UP, STORAGE_REMOTE }, { NONE, CON, UP, STORAGE_REMOTE },
		{ INC, LOOK, UP, STORAGE_NEVER }, { NONE, LOOK, UNK, STORAGE_NEVER },
		{ OLD, CON, UP, STORAGE_NEVER }, { OLD, LOOK, UNK, STORAGE_NEVER },
		{ HA_DISK_STATE_FAILED, CON, UP, STORAGE_NEVER },
		{ INC, CON, INC, STORAGE_NEVER },
		{ HA_DISK_STATE_ATTACHING, CON, UP, STORAGE_NEVER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ha_state one = device(SEC, cases[i].disk,
					     cases[i].connection,
					     cases[i].peer);

		if (storage_grade(&one) != cases[i].grade)
			fail_msg("case %zu: grade %d", i, storage_grade(&one));
	}
}

static void quorum_lowers_the_grade(void **state)
{
	struct ha_state one = device(SEC, UP, CON, UP);

	(void)state;
	one.suspended = HA_SUSPENDED_QUORUM;
	assert_int_equal(storage_grade(&one), STORAGE_ALONE);
	one.down = true;
	assert_int_equal(storage_grade(&one), STORAGE_NEVER);
}

static void codes(void **state)
{
	static const struct {
		uint32_t role, disk, connection, peer, suspended;
		int code;
	} cases[] = {
		{ SEC, UP, CON, UP, 0, EX_CODE_OK },
		{ SEC, UP, LOOK, UNK, 0, EX_CODE_OK },
		{ SEC, INC, CON, UP, 0, EX_CODE_DEGRADED },
		{ SEC, NONE, LOOK, UNK, 0, EX_CODE_DEGRADED },
		{ PRI, UP, CON, UP, 0, EX_CODE_PROMOTED },
		{ PRI, NONE, CON, UP, 0, EX_CODE_DEGRADED_PROMOTED },
		{ PRI, INC, CON, UP, 0, EX_CODE_DEGRADED_PROMOTED },
		{ PRI, UP, CON, UP, HA_SUSPENDED_FENCING,
		  EX_CODE_DEGRADED_PROMOTED },
		{ PRI, NONE, LOOK, UNK, 0, EX_CODE_FAILED_PROMOTED },
		{ PRI, NONE, LOOK, UNK, HA_SUSPENDED_NO_DATA,
		  EX_CODE_DEGRADED_PROMOTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ha_state one = device(cases[i].role, cases[i].disk,
					     cases[i].connection,
					     cases[i].peer);
		char *reason;

		one.suspended = cases[i].suspended;
		if (storage_code(&one, &reason) != cases[i].code)
			fail_msg("case %zu", i);
		free(reason);
	}
}

static void not_there(void **state)
{
	char *reason;

	(void)state;
	assert_int_equal(storage_code(NULL, &reason), EX_CODE_NOT_RUNNING);
	assert_null(reason);
}

static void as_json(void **state)
{
	struct ha_state one = device(SEC, UP, LOOK, UNK);
	json_t *facts;
	char *text;

	(void)state;
	one.open_count = 2;
	one.suspended = HA_SUSPENDED_NO_DATA;
	strcpy(one.peers[0].reason, "\xff");
	facts = storage_facts(&one);
	text = json_dumps(facts, JSON_COMPACT);
	assert_string_equal(text,
		"{\"name\":\"r0\",\"minor\":0,\"role\":\"Secondary\","
		"\"disk\":\"UpToDate\",\"open\":2,\"suspended\":[\"no-data\"],\"fencing\":\"dont-care\","
		"\"quorum\":true,\"generation\":\"123456789abcdef0\","
		"\"grade\":3,\"unknown\":[\"n2\"],\"peers\":[{\"name\":\"n2\","
		"\"node_id\":1,\"connection\":\"Connecting\","
		"\"role\":\"Unknown\",\"disk\":\"Unknown\","
		"\"replication\":\"Off\",\"out_of_sync_bytes\":0,"
		"\"reason\":\"?\"}]}");
	free(text);
	json_decref(facts);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(grades), cmocka_unit_test(quorum_lowers_the_grade),
	cmocka_unit_test(codes), cmocka_unit_test(not_there),
	cmocka_unit_test(as_json),
};

TEST_GROUP(facts_group, tests);
