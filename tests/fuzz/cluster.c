// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the configuration of a cluster. Refused in words, or accepted;
 * then its text and its normal form are read back as the same, it leads to a
 * corosync.conf, and what is added to it can be taken away without a trace.
 */
#include "conf.h"
#include "corosync_conf.h"
#include "edit.h"
#include "fuzz.h"

#define NAME "added-by-the-fuzzer"

static struct hc_config *load(const char *text)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = hc_load("fuzz.conf", text, &errors);

	MUST(!conf == (errors.count > 0));
	conf_errors_free(&errors);
	return conf;
}

/* It must be read back, and say the same. */
static void check_again(const struct hc_config *conf, char *text)
{
	struct hc_config *again = load(text);
	char *diff;

	MUST(again);
	diff = hc_diff(conf, again);
	MUST(!*diff);
	free(diff);
	hc_free(again);
	free(text);
}

static void check_text(const struct hc_config *conf)
{
	char *text = hc_text(conf), *again;
	struct hc_config *second = load(text);

	MUST(second);
	again = hc_text(second);
	MUST(!strcmp(text, again));
	free(again);
	hc_free(second);
	check_again(conf, text);
}

static char *change(const char *text, bool add)
{
	char member[] = "systemd added-by-the-fuzzer.service;";
	char *statements[] = { member };
	struct conf_errors errors = { 0 };
	struct hc_edit *edit = hc_edit_begin("fuzz.conf", text, &errors);
	char *changed;

	MUST(edit);
	if (add)
		hc_edit_block(edit, "service", NAME, statements, 1);
	else
		hc_edit_remove(edit, "service", NAME);
	changed = hc_edit_end(edit);
	conf_errors_print(&errors, stderr);
	MUST(changed);
	conf_errors_free(&errors);
	return changed;
}

static void check_edit(const struct hc_config *conf)
{
	char *text = hc_text(conf), *with, *without;

	with = change(text, true);
	MUST(strcmp(text, with));
	without = change(with, false);
	check_again(conf, without);
	free(with);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hc_config *conf;
	char *text;

	if (size > 8192 || memchr(data, 0, size) || memmem(data, size, NAME, strlen(NAME)))
		return -1;
	text = calloc(size + 1, 1);
	memcpy(text, data, size);
	conf = load(text);
	free(text);
	if (!conf)
		return 0;
	check_text(conf);
	check_again(conf, hc_normal(conf));
	free(hc_corosync_conf(conf));
	check_edit(conf);
	hc_free(conf);
	return 0;
}
