// SPDX-License-Identifier: GPL-2.0-only
/* The table of requests, and their print. */
#include <stdio.h>
#include <stdlib.h>

#include "request.h"
#include "tests.h"
#include "util.h"

static void test_every_command_has_a_verb(void **state)
{
	(void)state;
	for (int cmd = HA_CMD_RESOURCE_NEW; cmd <= HA_CMD_OUTDATE; cmd++) {
		const struct ha_request_kind *kind = ha_request_kind(cmd);

		assert_non_null(kind);
		assert_non_null(kind->help);
	}
	assert_null(ha_request_kind(HA_CMD_GET));
	assert_null(ha_request_kind(HA_CMD_CHANGED));
}

static char *print(const struct ha_request *req)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_request_print(req, out);
	fclose(out);
	return text;
}

static void test_words_are_safe_for_a_shell(void **state)
{
	struct ha_request req;
	char *text;

	(void)state;
	ha_request_init(&req, ha_request_kind(HA_CMD_ATTACH), "r0");
	ha_replace(&req.disk, "/dev/it's; rm -rf $HOME");
	text = print(&req);
	assert_string_equal(text,
			    "hasetup attach r0 '/dev/it'\\''s; rm -rf $HOME'\n");
	free(text);
	ha_request_free(&req);
}

static void test_secret_is_not_printed(void **state)
{
	struct ha_request req;
	char *text;

	(void)state;
	ha_request_init(&req, ha_request_kind(HA_CMD_PEER_SET), "r0");
	req.peer = 1;
	ha_replace(&req.secret, "geheim");
	text = print(&req);
	assert_string_equal(text,
			    "hasetup peer-options r0 1 --secret-file -\n");
	free(text);
	ha_request_free(&req);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_every_command_has_a_verb),
	cmocka_unit_test(test_words_are_safe_for_a_shell),
	cmocka_unit_test(test_secret_is_not_printed),
};

TEST_GROUP(request_group, tests);
