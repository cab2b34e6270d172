// SPDX-License-Identifier: GPL-2.0-only
/* Mounts: options, parameters, the kernel's table. */
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "exec.h"
#include "mount_param.h"
#include "mount_table.h"
#include "tests.h"

static void options(void **state)
{
	static const struct {
		const char *text;
		unsigned long flags;
		const char *data;
	} cases[] = {
		{ NULL, 0, "" }, { "", 0, "" }, { "defaults", 0, "" },
		{ "ro", MS_RDONLY, "" }, { "ro,rw", 0, "" },
		{ "noatime,nosuid,nodev", MS_NOATIME | MS_NOSUID | MS_NODEV,
		  "" },
		{ "noatime,data=ordered,_netdev,errors=panic", MS_NOATIME,
		  "data=ordered,errors=panic" },
		{ "size=10m,x-systemd.automount,comment=x", 0, "size=10m" },
		{ "rbind", MS_BIND | MS_REC, "" }, { ",,sync,", MS_SYNCHRONOUS, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned long flags;
		char *data;

		assert_null(mount_options(cases[i].text, &flags, &data));
		assert_int_equal(flags, cases[i].flags);
		assert_string_equal(data, cases[i].data);
		free(data);
	}
}

static void refused_options(void **state)
{
	static const char *const bad[] = {
		"remount", "ro,remount", "loop", "loop=/dev/loop3", "user",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		unsigned long flags;
		char *data, *why = mount_options(bad[i], &flags, &data);

		assert_non_null(why);
		assert_null(data);
		free(why);
	}
}

static char *read_mount(const char *device, const char *directory,
			const char *name, const char *value)
{
	struct ex_param list[] = { { "device", device },
				   { "directory", directory }, { name, value } };
	struct ex_op op = { .params = list, .n_params = name ? 3 : 2 };
	struct mount_param param;

	return mount_param_read(&op, &param);
}

static void params(void **state)
{
	static const struct {
		const char *device, *directory, *name, *value;
	} bad[] = {
		{ "", "/mnt", NULL, NULL }, { "/dev/a", "mnt", NULL, NULL },
		{ "/dev/a", "/", NULL, NULL }, { "/dev/a", "/m", "fsck", "x" },
		{ "/dev/a", "/m", "options", "remount" },
	};

	(void)state;
	assert_null(read_mount("/dev/a", "/mnt", "fstype", "xfs"));
	assert_null(read_mount("tmpfs", "/mnt", "options", "noatime"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *why = read_mount(bad[i].device, bad[i].directory,
				       bad[i].name, bad[i].value);

		if (!why)
			fail_msg("case %zu is taken", i);
		free(why);
	}
}

static const char sample[] =
	"22 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
	"28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
	"nonsense\n"
	"90 28 147:0 / /srv/a\\040b rw,noatime - xfs /dev/ha0 rw,attr2\n"
	"91 90 0:50 / /srv/a\\040b/below ro - tmpfs \\134x rw\n"
	"92 28 0:51 / /srv/over rw - tmpfs one rw\n"
	"93 92 0:52 / /srv/over rw shared:3 master:4 - tmpfs two ro,size=1\n"
	"94 28 0:53 / /cut rw - tmpfs\n";

static void table(void **state)
{
	const struct mount_entry *entry;
	struct mount_table table;

	(void)state;
	mount_table_parse(strdup(sample), &table);
	assert_int_equal(table.n, 6);
	entry = mount_table_at(&table, "/srv/a b");
	assert_int_equal(entry->id, 90);
	assert_int_equal(entry->major, 147);
	assert_string_equal(entry->source, "/dev/ha0");
	assert_string_equal(entry->fstype, "xfs");
	assert_false(mount_entry_read_only(entry));
	assert_true(mount_entry_is(entry, "/dev/ha0"));
	assert_false(mount_entry_is(entry, "/dev/ha1"));
	entry = mount_table_below(&table, "/srv/a b");
	assert_string_equal(entry->source, "\\x");
	assert_true(mount_entry_read_only(entry));
	/* The last mount on a directory is the one that is seen. */
	entry = mount_table_at(&table, "/srv/over");
	assert_string_equal(entry->source, "two");
	assert_true(mount_entry_read_only(entry));
	assert_null(mount_table_at(&table, "/srv"));
	assert_null(mount_table_below(&table, "/srv/ov"));
	assert_false(mount_entry_read_only(mount_table_at(&table, "/")));
	mount_table_free(&table);
}

static void own_table(void **state)
{
	struct mount_table table;

	(void)state;
	assert_int_equal(mount_table_load(&table), 0);
	assert_non_null(mount_table_at(&table, "/proc"));
	mount_table_free(&table);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(options), cmocka_unit_test(refused_options),
	cmocka_unit_test(params), cmocka_unit_test(table),
	cmocka_unit_test(own_table),
};

TEST_GROUP(mount_group, tests);
