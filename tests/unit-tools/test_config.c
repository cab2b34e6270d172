// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: files that are right, and messages of those that are not. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "tests.h"

#define CONFIG_DIR	"../config"

static char *print(const struct ha_conf *conf)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_conf_print(conf, out);
	fclose(out);
	return text;
}

/* Everything that is drawn at random becomes a star. */
static void mask_secret(char *text)
{
	static const char before[] = "shared-secret \"";
	char *at = strstr(text, before), *end;

	if (!at || !strstr(text, "paste this line"))
		return;
	at += strlen(before);
	end = strchr(at, '"');
	*at = '*';
	memmove(at + 1, end, strlen(end) + 1);
}

static void each_file(const char *pattern, void (*check)(const char *path))
{
	glob_t found;

	assert_int_equal(chdir(CONFIG_DIR), 0);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check(found.gl_pathv[i]);
	globfree(&found);
	assert_int_equal(chdir("../unit-tools"), 0);
}

static void check_good(const char *path)
{
	struct conf_errors errors = { 0 };
	struct ha_conf *conf, *again;
	char *text, *text_again;
	FILE *in;

	conf = ha_conf_load(path, NULL, &errors);
	conf_errors_print(&errors, stderr);
	assert_non_null(conf);
	text = print(conf);
	in = *text ? fmemopen(text, strlen(text), "r") : fopen("/dev/null", "r");
	again = ha_conf_load("printed", in, &errors);
	fclose(in);
	conf_errors_print(&errors, stderr);
	assert_non_null(again);
	assert_true(ha_conf_equal(conf, again));
	text_again = print(again);
	assert_string_equal(text, text_again);
	free(text);
	free(text_again);
	ha_conf_free(conf);
	ha_conf_free(again);
}

static void test_good(void **state)
{
	(void)state;
	each_file("good/*.conf", check_good);
}

static void check_bad(const char *path)
{
	char *expected_path = NULL, *text = NULL;
	struct conf_errors errors = { 0 };
	size_t size;
	FILE *out;

	assert_null(ha_conf_load(path, NULL, &errors));
	out = open_memstream(&text, &size);
	conf_errors_print(&errors, out);
	fclose(out);
	conf_errors_free(&errors);
	mask_secret(text);
	assert_true(asprintf(&expected_path, "%.*s.err",
			     (int)(strlen(path) - strlen(".conf")), path) > 0);
	assert_golden(expected_path, text);
	free(expected_path);
	free(text);
}

static void test_bad(void **state)
{
	(void)state;
	each_file("bad/*.conf", check_bad);
}

static struct ha_conf *load(const char *path)
{
	struct conf_errors errors = { 0 };
	struct ha_conf *conf = ha_conf_load(path, NULL, &errors);

	assert_non_null(conf);
	return conf;
}

static void test_meaning(void **state)
{
	struct ha_conf *conf = load(CONFIG_DIR "/good/inherit.conf");
	const struct ha_conf_resource *data = ha_conf_find(conf, "data");
	const struct ha_conf_resource *own = ha_conf_find(conf, "own-options");

	(void)state;
	assert_int_equal(conf->n_resources, 2);
	assert_string_equal(data->settings.secret, "with \"quotes\" and \\");
	assert_int_equal(ha_values_effective(&data->settings.values,
					     HA_OPT_TIMEOUT), 6000);
	assert_int_equal(ha_values_effective(&data->settings.values,
					     HA_OPT_PING_INTERVAL), 10000);
	assert_int_equal(ha_values_effective(&data->settings.values,
					     HA_OPT_RESYNC_RATE), 100 << 20);
	assert_null(data->hosts[0].meta_disk);
	assert_string_equal(data->hosts[1].meta_disk, "/dev/sdz1");
	assert_null(own->settings.secret);
	assert_true(own->settings.auth_none);
	assert_int_equal(own->hosts[0].node_id, 3);
	assert_int_equal(ha_values_effective(&own->settings.values,
					     HA_OPT_TIMEOUT), 3000);
	assert_int_equal(ha_values_effective(&own->settings.values,
					     HA_OPT_FENCING),
			 HA_FENCING_RESOURCE_ONLY);
	ha_conf_free(conf);
}

static void test_host_names(void **state)
{
	struct ha_conf *conf = load(CONFIG_DIR "/good/inherit.conf");
	const struct ha_conf_resource *res = ha_conf_find(conf, "data");

	(void)state;
	assert_ptr_equal(ha_conf_host_find(res, "alpha"), &res->hosts[0]);
	assert_ptr_equal(ha_conf_host_find(res, "beta.example.org"),
			 &res->hosts[1]);
	assert_null(ha_conf_host_find(res, "alpha.other.org"));
	assert_null(ha_conf_host_find(res, "alph"));
	assert_null(ha_conf_find(conf, "dat"));
	ha_conf_free(conf);
}

/* Whatever a file is cut down to is an error or a configuration, no crash. */
static void test_every_prefix(void **state)
{
	char *text = read_text(CONFIG_DIR "/good/inherit.conf");

	(void)state;
	for (size_t length = strlen(text); length > 0; length--) {
		struct conf_errors errors = { 0 };
		FILE *in = fmemopen(text, length, "r");
		struct ha_conf *conf = ha_conf_load("cut", in, &errors);

		fclose(in);
		assert_true(!conf == (errors.count > 0));
		ha_conf_free(conf);
		conf_errors_free(&errors);
	}
	free(text);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Some bytes replaced by ones that mean something, or by anything. */
static void mutate(char *text, size_t length, uint32_t *seed)
{
	static const char special[] = "{};\"\\# \n\t[]:/0";

	for (uint32_t n = next_random(seed) % 6 + 1; n > 0; n--) {
		size_t at = next_random(seed) % length;
		uint32_t what = next_random(seed);

		if (what & 1)
			text[at] = special[(what >> 1) % (sizeof(special) - 1)];
		else
			text[at] = what >> 1;
	}
}

static void check_mutation(const char *text, size_t length)
{
	struct conf_errors errors = { 0 };
	FILE *in = fmemopen((void *)text, length, "r");
	struct ha_conf *conf = ha_conf_load("mutated", in, &errors);
	char *printed;

	fclose(in);
	assert_true(!conf == (errors.count > 0));
	conf_errors_free(&errors);
	if (!conf)
		return;
	printed = print(conf);
	in = fmemopen(printed, strlen(printed), "r");
	if (in) {
		struct ha_conf *again = ha_conf_load("printed", in, &errors);

		fclose(in);
		assert_non_null(again);
		assert_true(ha_conf_equal(conf, again));
		ha_conf_free(again);
	}
	free(printed);
	ha_conf_free(conf);
}

/* Damaged files are refused or understood, and print as they were understood. */
static void test_mutations(void **state)
{
	static const char *const paths[] = {
		CONFIG_DIR "/good/inherit.conf", CONFIG_DIR "/good/tutorial.conf",
		CONFIG_DIR "/bad/legacy.conf", CONFIG_DIR "/bad/devices.conf",
	};
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char *text = read_text(paths[i]);
		size_t length = strlen(text);
		char *mutated = malloc(length);

		for (int n = 0; n < 5000; n++) {
			memcpy(mutated, text, length);
			mutate(mutated, length, &seed);
			check_mutation(mutated, length);
		}
		free(mutated);
		free(text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_good),
	cmocka_unit_test(test_bad),
	cmocka_unit_test(test_meaning),
	cmocka_unit_test(test_host_names),
	cmocka_unit_test(test_every_prefix),
	cmocka_unit_test(test_mutations),
};

TEST_GROUP(config_group, tests);
