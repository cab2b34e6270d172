// SPDX-License-Identifier: GPL-2.0-only
/*
 * The normal form: what a configuration says, each kind of statement in the
 * order of its table, values in one spelling, comments and layout gone. The
 * same table reads, so that nothing can be read and not be printed.
 */
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "values.h"

struct printer {
	FILE *out;
	int depth;
};

static void indent(const struct printer *p)
{
	fprintf(p->out, "%*s", p->depth * 2, "");
}

static void print_text(FILE *out, const char *text)
{
	char *quoted = hc_quote(text);

	fputs(quoted, out);
	free(quoted);
}

static void print_words(FILE *out, const struct hc_words *words)
{
	for (unsigned int i = 0; i < words->n; i++) {
		fputc(' ', out);
		print_text(out, words->word[i]);
	}
}

static const char *time_text(int64_t ms)
{
	static char text[HC_TIME_TEXT];

	return hc_time_text(ms, text);
}

static void print_pairs(const struct printer *p, const struct hc_key *key,
			const struct hc_pairs *pairs)
{
	for (unsigned int i = 0; i < pairs->n; i++) {
		indent(p);
		fprintf(p->out, "%s ", key->name);
		print_text(p->out, pairs->pair[i].name);
		fputc(' ', p->out);
		print_text(p->out, pairs->pair[i].value);
		fputs(";\n", p->out);
	}
}

static void print_lines(const struct printer *p, const struct hc_key *key,
			const struct hc_words *words)
{
	for (unsigned int i = 0; i < words->n; i++) {
		indent(p);
		fprintf(p->out, "%s %s;\n", key->name, words->word[i]);
	}
}

static void print_monitor(const struct printer *p,
			  const struct hc_monitor *monitor)
{
	if (monitor->interval < 0)
		return;
	indent(p);
	fprintf(p->out, "monitor %s", time_text(monitor->interval));
	if (monitor->timeout >= 0)
		fprintf(p->out, " timeout %s", time_text(monitor->timeout));
	fputs(";\n", p->out);
}

static void print_restart(const struct printer *p,
			  const struct hc_restart *restart)
{
	if (restart->count < 0)
		return;
	indent(p);
	fprintf(p->out, "restart %d", restart->count);
	if (restart->window >= 0)
		fprintf(p->out, " per %s", time_text(restart->window));
	if (restart->then >= 0)
		fprintf(p->out, " then %s", hc_then_words[restart->then]);
	fputs(";\n", p->out);
}

static void print_keys(struct printer *p, enum hc_section section,
		       const void *object);

static bool any_key(enum hc_section section, const void *object)
{
	char *text = NULL;
	size_t size;
	struct printer p = { .out = open_memstream(&text, &size) };

	print_keys(&p, section, object);
	fclose(p.out);
	free(text);
	return size;
}

static void print_block(struct printer *p, const struct hc_key *key,
			const void *object)
{
	if (!any_key(key->arg, object))
		return;
	indent(p);
	fprintf(p->out, "%s {\n", key->name);
	p->depth++;
	print_keys(p, key->arg, object);
	p->depth--;
	indent(p);
	fputs("}\n", p->out);
}

static void print_member(struct printer *p, const struct hc_member *member)
{
	static const enum hc_section sections[] = {
		[HC_STORAGE] = HC_S_STORAGE, [HC_MOUNT] = HC_S_MOUNT,
		[HC_IP] = HC_S_IP, [HC_SYSTEMD] = HC_S_SYSTEMD,
		[HC_OCF] = HC_S_OCF,
	};
	const char *const words[] = { member->what, member->where,
				      member->fstype };

	indent(p);
	fputs(hc_member_words[member->kind], p->out);
	if (member->kind == HC_OCF)
		fprintf(p->out, " %s", member->name);
	for (int i = 0; i < 3 && words[i]; i++) {
		fputc(' ', p->out);
		print_text(p->out, words[i]);
	}
	fputs(" {\n", p->out);
	p->depth++;
	print_keys(p, sections[member->kind], member);
	p->depth--;
	indent(p);
	fputs("}\n", p->out);
}

static void print_named(struct printer *p, const struct hc_key *key,
			const void *object)
{
	indent(p);
	fprintf(p->out, "%s %s {\n", key->name, *(char *const *)object);
	p->depth++;
	print_keys(p, key->arg, object);
	p->depth--;
	indent(p);
	fputs("}\n", p->out);
}

#define PRINT_EACH(array) \
	for (unsigned int i = 0; i < conf->n_##array; i++) \
		print_named(p, key, &conf->array[i])

static void print_array(struct printer *p, const struct hc_key *key,
			const struct hc_config *conf)
{
	switch (key->arg) {
	case HC_S_NODE:
		PRINT_EACH(nodes);
		break;
	case HC_S_FENCE:
		PRINT_EACH(fences);
		break;
	case HC_S_DEVICE:
		PRINT_EACH(devices);
		break;
	case HC_S_CHECK:
		PRINT_EACH(checks);
		break;
	case HC_S_ALERT:
		PRINT_EACH(alerts);
		break;
	default:
		for (unsigned int i = 0; i < conf->n_services; i++)
			if (conf->services[i].clone ==
			    (key->arg == HC_S_CLONE))
				print_named(p, key, &conf->services[i]);
	}
}

static void print_detect(struct printer *p, const struct hc_key *key,
			 const struct hc_detect *detect)
{
	const struct hc_key block = { .name = "detect", .arg = HC_S_DETECT };

	if (detect->profile >= 0) {
		indent(p);
		fprintf(p->out, "%s %s", key->name,
			hc_profile_words[detect->profile]);
		fputs(any_key(HC_S_DETECT, detect) ? " {\n" : ";\n", p->out);
		if (!any_key(HC_S_DETECT, detect))
			return;
		p->depth++;
		print_keys(p, HC_S_DETECT, detect);
		p->depth--;
		indent(p);
		fputs("}\n", p->out);
		return;
	}
	print_block(p, &block, detect);
}

static void print_rules(struct printer *p, const struct hc_key *key,
			const struct hc_service *service)
{
	for (unsigned int i = 0; i < service->n_rules; i++) {
		if (service->rules[i].kind != key->arg)
			continue;
		indent(p);
		fputs(key->name, p->out);
		print_words(p->out, &service->rules[i].targets);
		fputs(";\n", p->out);
	}
}

/* All members at the place of their first kind: their order means something. */
static void print_members(struct printer *p, const struct hc_key *key,
			  const struct hc_service *service)
{
	for (unsigned int i = 0; i < service->n_members; i++)
		if (key->arg == 0)
			print_member(p, &service->members[i]);
}

static void print_simple(struct printer *p, const struct hc_key *key,
			 const void *at)
{
	const struct hc_words *list = at;
	const int *number = at;
	const int64_t *ms = at;
	char *const *text = at;

	if ((key->kind == HC_K_LIST && !list->n) ||
	    (key->kind == HC_K_TIME && *ms < 0) ||
	    ((key->kind == HC_K_TEXT || key->kind == HC_K_SECRET) && !*text) ||
	    ((key->kind == HC_K_WORD || key->kind == HC_K_COUNT) &&
	     *number < 0))
		return;
	indent(p);
	fputs(key->name, p->out);
	if (key->kind == HC_K_LIST)
		print_words(p->out, list);
	else
		fputc(' ', p->out);
	if (key->kind == HC_K_TIME)
		fputs(time_text(*ms), p->out);
	else if (key->kind == HC_K_SECRET)
		fprintf(p->out, "@%s", *text);
	else if (key->kind == HC_K_TEXT)
		print_text(p->out, *text);
	else if (key->kind == HC_K_WORD)
		fputs(key->words[*number], p->out);
	else if (key->kind == HC_K_COUNT)
		fprintf(p->out, "%d", *number);
	fputs(";\n", p->out);
}

static void print_keys(struct printer *p, enum hc_section section,
		       const void *object)
{
	const struct hc_key *key;

	for (key = hc_sections[section].keys; key->name; key++) {
		const void *at = hc_at(key, object);

		switch (key->kind) {
		case HC_K_ADDRESS:
			print_lines(p, key, at);
			break;
		case HC_K_PAIR:
			print_pairs(p, key, at);
			break;
		case HC_K_MONITOR:
			print_monitor(p, at);
			break;
		case HC_K_RESTART:
			print_restart(p, at);
			break;
		case HC_K_RULE:
			print_rules(p, key, object);
			break;
		case HC_K_MEMBER:
			print_members(p, key, object);
			break;
		case HC_K_BLOCK:
			print_block(p, key, at);
			break;
		case HC_K_NAMED:
			print_array(p, key, object);
			break;
		case HC_K_DETECT:
			print_detect(p, key, at);
			break;
		case HC_K_CLUSTER:
			break;
		default:
			print_simple(p, key, at);
		}
	}
}

char *hc_normal(const struct hc_config *conf)
{
	char *text = NULL;
	size_t size;
	struct printer p = { .out = open_memstream(&text, &size), .depth = 1 };

	fprintf(p.out, "cluster %s {\n", conf->name);
	print_keys(&p, HC_S_CLUSTER, conf);
	fputs("}\n", p.out);
	fclose(p.out);
	return text;
}
