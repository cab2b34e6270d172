// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: files that are right, and messages of those that are not. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "tests.h"
#include "values.h"

static struct hc_config *load(const char *name, const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load(name, text, &errors);

	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	assert_non_null(conf);
	return conf;
}

static void each_file(const char *pattern, void (*check)(const char *path))
{
	glob_t found;

	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check(found.gl_pathv[i]);
	globfree(&found);
}

/* What hc_text() promises to take away, done in another way. */
static char *expected_text(const char *text)
{
	char *out = calloc(1, strlen(text) + 2), *copy = strdup(text);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		size_t length = strlen(line);

		while (length && strchr(" \t\r", line[length - 1]))
			line[--length] = '\0';
		strcat(out, line);
		strcat(out, "\n");
	}
	while (strlen(out) > 1 && out[strlen(out) - 2] == '\n')
		out[strlen(out) - 1] = '\0';
	free(copy);
	return out;
}

static void check_good(const char *path)
{
	char *text = read_text(path), *expected = expected_text(text);
	struct hc_config *conf = load(path, text), *again, *normal;
	char *printed = hc_text(conf), *said = hc_normal(conf), *said_again;
	char sha[2][HC_SHA256_TEXT], *difference;

	assert_string_equal(printed, expected);
	again = load("printed", printed);
	hc_sha256(conf, sha[0]);
	hc_sha256(again, sha[1]);
	assert_string_equal(sha[0], sha[1]);
	normal = load("normal", said);
	said_again = hc_normal(normal);
	assert_string_equal(said, said_again);
	difference = hc_diff(conf, normal);
	assert_string_equal(difference, "");
	free(difference);
	free(text);
	free(expected);
	free(printed);
	free(said);
	free(said_again);
	hc_free(conf);
	hc_free(again);
	hc_free(normal);
}

static void test_good(void **state)
{
	(void)state;
	each_file("good/*.conf", check_good);
}

static void check_normal(const char *path)
{
	char *text = read_text(path), *golden = NULL, *said;
	struct hc_config *conf = load(path, text);

	said = hc_normal(conf);
	assert_true(asprintf(&golden, "%.*s.normal",
			     (int)(strlen(path) - strlen(".conf")), path) > 0);
	assert_golden(golden, said);
	free(golden);
	free(said);
	free(text);
	hc_free(conf);
}

static void test_normal(void **state)
{
	(void)state;
	each_file("good/*.conf", check_normal);
}

static void check_bad(const char *path)
{
	char *expected_path = NULL, *said = NULL, *text = read_text(path);
	struct conf_errors errors = { 0 };
	size_t size;
	FILE *out;

	assert_null(hc_load(path, text, &errors));
	out = open_memstream(&said, &size);
	conf_errors_print(&errors, out);
	fclose(out);
	conf_errors_free(&errors);
	assert_true(asprintf(&expected_path, "%.*s.err",
			     (int)(strlen(path) - strlen(".conf")), path) > 0);
	assert_golden(expected_path, said);
	free(expected_path);
	free(said);
	free(text);
}

static void test_bad(void **state)
{
	(void)state;
	each_file("bad/*.conf", check_bad);
}

static void test_meaning(void **state)
{
	char *text = read_text("good/every-key.conf");
	struct hc_config *conf = load("every", text);
	const struct hc_service *db = hc_service_find(conf, "db");
	const struct hc_member *disk = hc_member_find(db, "disk");

	(void)state;
	assert_string_equal(conf->name, "every");
	assert_int_equal(conf->n_nodes, 2);
	assert_string_equal(conf->nodes[1].links.word[0], "fd00::2");
	assert_int_equal(conf->nodes[1].role, -1);
	assert_int_equal(conf->detect.token, 300);
	assert_int_equal(conf->defaults.monitor.timeout, 60000);
	assert_int_equal(conf->defaults.restart.window, 3600000);
	assert_int_equal(conf->defaults.restart.then, HC_THEN_STOP);
	assert_string_equal(hc_pairs_get(&conf->fences[0].params, "level"), "x");
	assert_int_equal(conf->fences[0].level, 2);
	assert_int_equal(disk->settings.start_timeout, 300000);
	assert_int_equal(disk->settings.stop_timeout, -1);
	assert_int_equal(db->settings.stay, HC_STAY_NO);
	assert_string_equal(hc_member_find(db, "fs")->where, "/srv/my data");
	assert_true(hc_service_find(conf, "galera")->clone);
	assert_null(hc_service_find(conf, "gal"));
	free(text);
	hc_free(conf);
}

static void test_sha256(void **state)
{
	static const char abc[] =
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	extern void hc_sha256_of(const void *, size_t, uint8_t *);
	uint8_t digest[32];
	char text[65];

	(void)state;
	hc_sha256_of("abc", 3, digest);
	for (int i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", digest[i]);
	assert_string_equal(text, abc);
}

static void test_times(void **state)
{
	static const struct {
		const char *text, *shortest;
		int64_t ms;
	} good[] = {
		{ "10s", "10s", 10000 }, { "1000ms", "1s", 1000 },
		{ "90s", "90s", 90000 }, { "120m", "2h", 7200000 },
		{ "0ms", "0s", 0 }, { "3d", "3d", 259200000 },
	};
	static const char *const bad[] = {
		"", "10", "-1s", "1.5s", "s", "10 s", "9999999999999999999s",
		"99999d", "1w", "0x1s",
	};
	char text[HC_TIME_TEXT];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(hc_time_parse(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
		assert_string_equal(hc_time_text(ms, text), good[i].shortest);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(hc_time_parse(bad[i], &ms));
}

/* Whatever a file is cut down to is an error or a configuration, no crash. */
static void test_every_prefix(void **state)
{
	char *text = read_text("good/every-key.conf");

	(void)state;
	for (size_t length = strlen(text); length > 0; length--) {
		struct conf_errors errors = { 0 };
		struct hc_config *conf;

		text[length] = '\0';
		conf = hc_load("cut", text, &errors);
		assert_true(!conf == (errors.count > 0));
		hc_free(conf);
		conf_errors_free(&errors);
	}
	free(text);
}

static void check_diff(const char *path)
{
	char *text = read_text(path), *old_text = read_text("good/example.conf");
	struct hc_config *old = load("old", old_text), *new = load(path, text);
	char *golden = NULL, *said = hc_diff(old, new);

	assert_true(asprintf(&golden, "%.*s.diff",
			     (int)(strlen(path) - strlen(".conf")), path) > 0);
	assert_golden(golden, said);
	free(golden);
	free(said);
	free(text);
	free(old_text);
	hc_free(old);
	hc_free(new);
}

/* Each file of diff/ is the example with changes. */
static void test_diff(void **state)
{
	(void)state;
	each_file("diff/*.conf", check_diff);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_good),
	cmocka_unit_test(test_normal),
	cmocka_unit_test(test_bad),
	cmocka_unit_test(test_meaning),
	cmocka_unit_test(test_sha256),
	cmocka_unit_test(test_times),
	cmocka_unit_test(test_every_prefix),
	cmocka_unit_test(test_diff),
};

TEST_GROUP(conf_group, tests);
