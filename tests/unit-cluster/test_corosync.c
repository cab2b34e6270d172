// SPDX-License-Identifier: GPL-2.0-only
/* corosync.conf as generated, and the times promised; corosync reads it too. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "corosync_conf.h"
#include "tests.h"

#define COROSYNC "/usr/sbin/corosync"

static struct hc_config *load(const char *name, const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load(name, text, &errors);

	conf_errors_print(&errors, stderr);
	assert_non_null(conf);
	return conf;
}

static char *print_timing(const struct hc_config *conf)
{
	struct hc_timing t;
	char *text;

	hc_timing(conf, &t);
	assert_true(asprintf(&text,
			     "%s: token %d consensus %d ping %d/%d witness %d/%d detect %d quorum %d\n",
			     hc_profile_name(conf), (int)t.token,
			     (int)t.consensus, (int)t.ping_interval,
			     (int)t.ping_timeout, (int)t.witness_timeout,
			     (int)t.witness_sync, (int)t.detect_worst,
			     (int)t.quorum_worst) > 0);
	return text;
}

static void write_file(const char *path, const char *text, size_t size)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fwrite(text, size, 1, out);
	fclose(out);
}

static char *replaced(const char *text, const char *what, size_t length,
		      const char *with)
{
	const char *at = strstr(text, what);
	char *result;

	assert_non_null(at);
	assert_true(asprintf(&result, "%.*s%s%s", (int)(at - text), text, with,
			     at + length) > 0);
	return result;
}

/*
 * The key is elsewhere, this once; and the first node has this host's name,
 * since corosync minds when it is in no list.
 */
static char *adapted(const char *text, const char *key)
{
	const char *name = strstr(text, "\t\tname: ");
	char host[256] = "", with[400], *first, *second;

	assert_non_null(name);
	gethostname(host, sizeof(host) - 1);
	snprintf(with, sizeof(with), "\t\tname: %s", host);
	first = replaced(text, "\t\tname: ", strcspn(name, "\n"), with);
	snprintf(with, sizeof(with), "version: 2\n\tkeyfile: %s", key);
	second = replaced(first, "version: 2", strlen("version: 2"), with);
	free(first);
	return second;
}

static int run_corosync(const char *path)
{
	char *argv[] = { (char *)COROSYNC, (char *)"-t", (char *)"-c",
			 (char *)path, NULL };
	int status;
	pid_t pid = fork();

	if (!pid) {
		int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

		dup2(null, STDERR_FILENO);
		dup2(null, STDOUT_FILENO);
		execv(COROSYNC, argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void check_with_corosync(const char *text)
{
	char dir[] = "/tmp/ha-corosync-XXXXXX", key[64], path[64], *whole;
	static const char zeros[256];
	int status;

	assert_non_null(mkdtemp(dir));
	snprintf(key, sizeof(key), "%s/authkey", dir);
	snprintf(path, sizeof(path), "%s/corosync.conf", dir);
	whole = adapted(text, key);
	write_file(key, zeros, sizeof(zeros));
	write_file(path, whole, strlen(whole));
	status = run_corosync(path);
	if (status)
		fprintf(stderr, "corosync refuses:\n%s", whole);
	unlink(key);
	unlink(path);
	rmdir(dir);
	free(whole);
	assert_int_equal(status, 0);
}

static void check(const char *path, const char *golden)
{
	char *text = read_text(path), *made, *timing, *both, *again;
	struct hc_config *conf = load(path, text);

	made = hc_corosync_conf(conf);
	again = hc_corosync_conf(conf);
	timing = print_timing(conf);
	assert_string_equal(made, again);
	assert_true(asprintf(&both, "# %s%s", timing, made) > 0);
	assert_golden(golden, both);
	if (!access(COROSYNC, X_OK))
		check_with_corosync(made);
	free(text);
	free(made);
	free(again);
	free(timing);
	free(both);
	hc_free(conf);
}

static void test_files(void **state)
{
	glob_t found;

	(void)state;
	assert_int_equal(glob("corosync/*.conf", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		char *golden;

		assert_true(asprintf(&golden, "%.*s.corosync",
				     (int)(strlen(path) - 5), path) > 0);
		check(path, golden);
		free(golden);
	}
	globfree(&found);
}

static char *cluster_of(int nodes, int links, const char *profile)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "cluster c { format 1; detect %s;\n", profile);
	for (int i = 1; i <= nodes; i++) {
		fprintf(out, "node n%d { id %d;", i, i);
		for (int j = 1; j <= links; j++)
			fprintf(out, "link 10.%d.0.%d;", j, i);
		fputs("}\n", out);
	}
	fputs("}\n", out);
	fclose(out);
	return text;
}

static void check_size(int nodes, int links, const char *profile)
{
	char *text = cluster_of(nodes, links, profile), *made;
	struct hc_config *conf = load("sizes", text);
	struct hc_timing t;

	hc_timing(conf, &t);
	assert_true(t.detect_worst >= t.token + t.consensus);
	assert_true(nodes == 2 || 5 * t.consensus >= 6 * t.token);
	made = hc_corosync_conf(conf);
	if (!access(COROSYNC, X_OK))
		check_with_corosync(made);
	free(made);
	hc_free(conf);
	free(text);
}

/* What corosync refuses must not be generated. */
static void test_all_sizes(void **state)
{
	(void)state;
	for (int nodes = 1; nodes <= HC_NODES_MAX; nodes += nodes < 4 ? 1 : 14)
		for (int links = 1; links <= HC_LINKS_MAX; links += 7) {
			check_size(nodes, links, "fast");
			check_size(nodes, links, "balanced");
			check_size(nodes, links, "relaxed");
		}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_files),
	cmocka_unit_test(test_all_sizes),
};

TEST_GROUP(corosync_group, tests);
