// SPDX-License-Identifier: GPL-2.0-only
/* The verbs about the configuration as a text, and its revisions. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "change.h"
#include "cmd.h"
#include "config_log.h"
#include "corosync_conf.h"
#include "files.h"
#include "ipc.h"
#include "text.h"
#include "util.h"

#define CLUSTER_CONF	"/etc/hacluster/cluster.conf"
#define OCF_ROOT	"/usr/lib/ocf"
#define FENCE_DIR	"/usr/sbin"

/* A word that is only digits is a revision, any other a file. */
static bool is_rev(const char *word, int64_t *rev)
{
	int number;

	if (!hc_number_parse(word, 999999999, &number) || !number)
		return false;
	*rev = number;
	return true;
}

static char *read_or_say(const char *path)
{
	char *text = file_read(path);

	if (!text)
		hactl_error("cannot read %s: %s", path, strerror(errno));
	return text;
}

/* The text a word of the command line means. */
static int text_of(struct hactl *h, const char *word, char **text)
{
	int64_t rev = 0;

	if (word && !is_rev(word, &rev)) {
		*text = read_or_say(word);
		return *text ? HACTL_OK : HACTL_FAILED;
	}
	return hactl_get_config(h, &rev, text);
}

/* Complains of a text that is no configuration. */
static struct hc_config *load_or_say(const char *name, const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load(name, text, &errors);

	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	return conf;
}

int cmd_config_show(struct hactl *h)
{
	char *text = NULL;
	int ret = text_of(h, h->n_words ? h->words[0] : NULL, &text);

	if (!ret && h->json)
		hactl_print_json(json_pack("{s:s}", "text", text));
	else if (!ret)
		fputs(text, stdout);
	free(text);
	return ret;
}

/* Layout as a configuration keeps it; NULL after a message. */
static char *canonical(const char *name, const char *text)
{
	struct hc_config *conf = load_or_say(name, text);
	char *result = conf ? hc_text(conf) : NULL;

	hc_free(conf);
	return result;
}

static int apply(struct hactl *h, int64_t rev, const char *old,
		 const char *name, const char *text)
{
	char *new = canonical(name, text);
	int ret = new ? hactl_propose(h, rev, old, new) : HACTL_FAILED;

	if (ret == HACTL_CONFLICT)
		hactl_error("somebody else changed the configuration since rev %" PRId64 "; look at hactl config diff %s",
			    rev, name);
	free(new);
	return ret;
}

int cmd_config_apply(struct hactl *h)
{
	char *text = read_or_say(h->words[0]), *old = NULL;
	int64_t rev = 0;
	int ret = HACTL_FAILED;

	if (text)
		ret = hactl_get_config(h, &rev, &old);
	if (!ret)
		ret = apply(h, rev, old, h->words[0], text);
	free(old);
	free(text);
	return ret;
}

static int run_editor(const char *path)
{
	const char *editor = getenv("VISUAL");
	int status;
	pid_t pid;

	if (!editor || !*editor)
		editor = getenv("EDITOR");
	if (!editor || !*editor)
		editor = "editor";
	pid = fork();
	if (!pid) {
		/* Editors are named with options: "code -w". */
		char *command = xasprintf("%s \"$1\"", editor);

		execl("/bin/sh", "sh", "-c", command, "sh", path, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		return hactl_error("the editor (%s) failed", editor);
	return HACTL_OK;
}

/* Edit until it is a configuration, or the person gives up. */
static int edit_file(struct hactl *h, const char *path, char **text)
{
	for (;;) {
		int ret = run_editor(path);

		if (ret)
			return ret;
		free(*text);
		*text = read_or_say(path);
		if (!*text)
			return HACTL_FAILED;
		char *good = canonical(path, *text);

		if (good) {
			free(good);
			return HACTL_OK;
		}
		if (h->yes || !hactl_confirm(h, "Edit it again?"))
			return HACTL_FAILED;
	}
}

int cmd_config_edit(struct hactl *h)
{
	char path[] = "/tmp/hactl-XXXXXX.conf", *old = NULL, *text = NULL;
	int64_t rev = 0;
	int ret, fd;

	ret = hactl_get_config(h, &rev, &old);
	if (ret)
		return ret;
	fd = mkstemps(path, strlen(".conf"));
	if (fd < 0 || write(fd, old, strlen(old)) != (ssize_t)strlen(old))
		ret = hactl_error("cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	if (!ret)
		ret = edit_file(h, path, &text);
	if (!ret)
		ret = apply(h, rev, old, path, text);
	if (ret && text)
		fprintf(stderr, "hactl: what was written is still in %s\n",
			path);
	else
		unlink(path);
	free(old);
	free(text);
	return ret;
}

/* diff FILE: to the one in force; diff A B. */
int cmd_config_diff(struct hactl *h)
{
	const char *a = h->n_words > 1 ? h->words[0] : NULL;
	const char *b = h->words[h->n_words - 1];
	char *text[2] = { NULL, NULL }, *diff;
	struct hc_config *from = NULL, *to = NULL;
	int ret = text_of(h, a, &text[0]);

	if (!ret)
		ret = text_of(h, b, &text[1]);
	if (!ret)
		from = load_or_say(a ? a : "(in force)", text[0]);
	if (from)
		to = load_or_say(b, text[1]);
	if (to) {
		diff = hc_diff(from, to);
		if (h->json)
			hactl_print_json(json_pack("{s:s}", "diff", diff));
		else
			fputs(diff, stdout);
		free(diff);
	} else if (!ret) {
		ret = HACTL_FAILED;
	}
	hc_free(from);
	hc_free(to);
	free(text[0]);
	free(text[1]);
	return ret;
}

int cmd_config_log(struct hactl *h)
{
	const char *limit = hactl_opt(h, OPT_LIMIT);
	json_t *data;
	int ret, n = 20;

	if (limit && !hc_number_parse(limit, 1000000, &n))
		return hactl_usage("--limit: \"%s\" is no number", limit);
	ret = hactl_call(h, "list_revisions", json_pack("{s:i}", "limit", n),
			 &data);
	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		show_revisions(data, stdout);
	json_decref(data);
	return ret;
}

/* A new revision with the text of an old one: the log only grows. */
int cmd_config_rollback(struct hactl *h)
{
	char *old = NULL, *text = NULL;
	int64_t rev = 0, back;
	int ret;

	if (!is_rev(h->words[0], &back))
		return hactl_usage("\"%s\" is no revision: a number of hactl config log",
				   h->words[0]);
	ret = hactl_get_config(h, &back, &text);
	if (!ret)
		ret = hactl_get_config(h, &rev, &old);
	if (!ret && !h->options[OPT_MESSAGE].n) {
		char *message = xasprintf("back to rev %" PRId64, back);

		hc_words_add(&h->options[OPT_MESSAGE], message);
		free(message);
	}
	if (!ret)
		ret = apply(h, rev, old, h->words[0], text);
	free(old);
	free(text);
	return ret;
}

/* Without a daemon: what is wrong with a file, and whether its agents exist. */
int cmd_config_check(struct hactl *h)
{
	const char *path = h->n_words ? h->words[0] : CLUSTER_CONF;
	char *text = read_or_say(path);
	struct conf_errors errors = { 0 };
	struct hc_config *conf = text ? load_or_say(path, text) : NULL;
	int ret = conf ? HACTL_OK : HACTL_FAILED;
	char sha[HC_SHA256_TEXT];

	if (conf)
		hc_agents_check(conf, OCF_ROOT, FENCE_DIR, &errors);
	conf_errors_print(&errors, stderr);
	if (errors.count)
		ret = HACTL_FAILED;
	if (!ret) {
		hc_sha256(conf, sha);
		printf("%s: cluster %s, %u nodes, %u services and clones, sha256 %s\n",
		       path, conf->name, conf->n_nodes, conf->n_services, sha);
	}
	conf_errors_free(&errors);
	hc_free(conf);
	free(text);
	return ret;
}

int cmd_config_corosync(struct hactl *h)
{
	const char *path = h->n_words ? h->words[0] : CLUSTER_CONF;
	char *text = read_or_say(path), *made;
	struct hc_config *conf = text ? load_or_say(path, text) : NULL;

	if (conf) {
		made = hc_corosync_conf(conf);
		fputs(made, stdout);
		free(made);
	}
	free(text);
	hc_free(conf);
	return conf ? HACTL_OK : HACTL_FAILED;
}
