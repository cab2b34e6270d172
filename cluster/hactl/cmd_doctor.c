// SPDX-License-Identifier: GPL-2.0-only
/* "doctor": whether this host is fit to be a node, and what to do about it. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "doctor.h"
#include "files.h"
#include "text.h"
#include "util.h"

#define CLUSTER_CONF	"/etc/hacluster/cluster.conf"

static const char *const level_words[] = { "ok", "warning", "bad" };

void doctor_say(struct doctor *d, enum doctor_level level, const char *what,
		const char *hint, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	json_array_append_new(d->findings,
			      json_pack("{s:s, s:s, s:s, s:s*}", "level",
					level_words[level], "what", what,
					"text", text, "hint", hint));
	if (level > d->worst)
		d->worst = level;
	free(text);
}

char *doctor_file(const struct doctor *d, const char *path)
{
	char *full = file_below(d->root, path), *text = file_read(full);

	free(full);
	return text;
}

bool doctor_exists(const struct doctor *d, const char *path)
{
	char *full = file_below(d->root, path);
	bool exists = !access(full, F_OK);

	free(full);
	return exists;
}

static void print_findings(const struct doctor *d, bool colour)
{
	static const char *const colours[] = { GREEN, YELLOW, RED };
	const json_t *finding;
	size_t i;

	json_array_foreach(d->findings, i, finding) {
		const char *level = get_text(finding, "level");
		int at = hc_word_find((const char *const[]){ "ok", "warning",
					"bad", NULL }, level);

		text_paint(stdout, colour, colours[at], level);
		printf("%*s%s: %s\n", 9 - (int)strlen(level), "",
		       get_text(finding, "what"), get_text(finding, "text"));
		if (*get_text(finding, "hint"))
			printf("%9s%s\n", "", get_text(finding, "hint"));
	}
}

static void examine(struct doctor *d)
{
	static void (*const checks[])(struct doctor *d) = {
		doctor_safety, doctor_corosync, doctor_authkey,
		doctor_watchdog, doctor_units, doctor_managed_units,
		doctor_nonlocal_bind, doctor_module, doctor_agents,
		doctor_clock, doctor_scheduling,
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		checks[i](d);
}

int cmd_doctor(struct hactl *h)
{
	const char *root = hactl_opt(h, OPT_ROOT);
	const char *path = hactl_opt(h, OPT_CONFIG);
	struct conf_errors errors = { 0 };
	struct doctor d = { .root = root ? root : "/", .alive = !root };
	char *text;

	d.findings = json_array();
	text = path ? file_read(path) : doctor_file(&d, CLUSTER_CONF);
	if (!text) {
		json_decref(d.findings);
		return hactl_error("cannot read %s: %s",
				   path ? path : CLUSTER_CONF, strerror(errno));
	}
	d.conf = hc_load(path ? path : CLUSTER_CONF, text, &errors);
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	free(text);
	if (d.conf)
		examine(&d);
	else
		d.worst = DOCTOR_BAD;
	if (h->json)
		hactl_print_json(json_incref(d.findings));
	else
		print_findings(&d, h->colour);
	hc_free((struct hc_config *)d.conf);
	json_decref(d.findings);
	return d.worst == DOCTOR_BAD ? HACTL_FAILED : HACTL_OK;
}
