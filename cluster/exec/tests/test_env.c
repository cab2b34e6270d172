// SPDX-License-Identifier: GPL-2.0-only
/* The environment of OCF agents. */
#include <stdlib.h>
#include <string.h>

#include "ocf_env.h"
#include "tests.h"

static const struct ocf_site site = {
	.node = "n1", .ocf_root = "/usr/lib/ocf", .shim_dir = "/shim",
	.shim_socket = "/run/s", .rsctmp = "/run/resource-agents",
};

static bool has(char **env, const char *line)
{
	for (; *env; env++)
		if (!strcmp(*env, line))
			return true;
	return false;
}

static void all_of_it(void **state)
{
	static const struct ex_param params[] = {
		{ "ip", "10.0.0.1" }, { "with-dash", "a b=c" },
	};
	static const struct ex_param meta[] = { { "clone-max", "2" } };
	struct ex_op op = {
		.member = "db", .kind = EX_KIND_OCF,
		.agent = "ocf:heartbeat:Dummy", .action = EX_MONITOR,
		.params = params, .n_params = 2, .meta = meta, .n_meta = 1,
		.timeout_ms = 1500, .interval_ms = 10000, .depth = 10,
	};
	static const char *const wanted[] = {
		"PATH=/shim:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HA_SBIN_DIR=/shim", "HA_SHIM_SOCKET=/run/s",
		"HA_SHIM_NODE=n1", "HA_RSCTMP=/run/resource-agents",
		"HA_LOGFACILITY=none", "OCF_ROOT=/usr/lib/ocf",
		"OCF_RA_VERSION_MAJOR=1", "OCF_RA_VERSION_MINOR=1",
		"OCF_RESOURCE_INSTANCE=db", "OCF_RESOURCE_PROVIDER=heartbeat",
		"OCF_RESOURCE_TYPE=Dummy", "HA_MEMBER=db", "OCF_CHECK_LEVEL=10",
		"OCF_RESKEY_ip=10.0.0.1", "OCF_RESKEY_with_dash=a b=c",
		"OCF_RESKEY_CRM_meta_timeout=1500",
		"OCF_RESKEY_CRM_meta_interval=10000",
		"OCF_RESKEY_CRM_meta_name=monitor",
		"OCF_RESKEY_CRM_meta_on_node=n1",
		"OCF_RESKEY_CRM_meta_clone_max=2",
	};
	char **env = ocf_env(&site, &op);

	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!has(env, wanted[i]))
			fail_msg("%s is missing", wanted[i]);
	ocf_env_free(env);
}

/* Nothing of the daemon's own environment reaches agents. */
static void nothing_inherited(void **state)
{
	struct ex_op op = { .member = "db", .kind = EX_KIND_OCF,
			    .agent = "ocf:a:b", .action = EX_START };
	char **env;

	(void)state;
	setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
	env = ocf_env(&site, &op);
	for (char **one = env; *one; one++)
		assert_int_not_equal(strncmp(*one, "NOTIFY_SOCKET", 13), 0);
	assert_false(has(env, "OCF_CHECK_LEVEL=0"));
	ocf_env_free(env);
	unsetenv("NOTIFY_SOCKET");
}

static void path(void **state)
{
	char *text = ocf_path("/usr/lib/ocf", "ocf:heartbeat:IPaddr2");

	(void)state;
	assert_string_equal(text,
			    "/usr/lib/ocf/resource.d/heartbeat/IPaddr2");
	free(text);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(all_of_it), cmocka_unit_test(nothing_inherited),
	cmocka_unit_test(path),
};

TEST_GROUP(env_group, tests);
