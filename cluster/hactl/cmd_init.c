// SPDX-License-Identifier: GPL-2.0-only
/*
 * "cluster init": one command makes a cluster of bare nodes. Every node is
 * asked first whether it may become one; only then is any of them changed.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bundle.h"
#include "cmd.h"
#include "grade.h"
#include "nodes.h"
#include "start.h"
#include "util.h"
#include "witness.h"

/* The configuration as it is at first. */
static char *first_config(struct hactl *h, int *ret)
{
	const char *witness = hactl_opt(h, OPT_WITNESS);
	const char *detect = hactl_opt(h, OPT_DETECT);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "cluster %s {\n  format 1;\n  detect %s;\n", h->words[0],
		detect ? detect : "balanced");
	fputs("  quorum { on-loss freeze; ", out);
	if (witness)
		fprintf(out, "witness %s; ", witness);
	fputs("}\n  crypto { cipher aes256; hash sha256; }\n", out);
	*ret = HACTL_OK;
	for (unsigned int i = 1; i < h->n_words && !*ret; i++) {
		struct hc_words links = { 0 };
		char *name;

		*ret = nodes_parse(h->words[i], &name, &links);
		fprintf(out, "  node %s { id %u;", name ? name : "", i);
		for (unsigned int j = 0; j < links.n; j++)
			fprintf(out, " link %s;", links.word[j]);
		if (name && hc_words_have(&h->options[OPT_TIEBREAKER], name))
			fputs(" role tiebreaker;", out);
		fputs(" }\n", out);
		free(name);
		hc_words_free(&links);
	}
	fputs("  defaults { stay strong; }\n}\n", out);
	fclose(out);
	return text;
}

static int install_all(struct hactl *h, const struct hc_config *conf,
		       char *text)
{
	struct bundle bundle = { .config = text, .rev = 1 };
	int ret = HACTL_OK;

	if (bundle_new_key(bundle.key))
		return hactl_error("the kernel gives no random bytes");
	for (int dry = 1; dry >= 0 && !ret; dry--) {
		if (!dry && h->dry_run)
			break;
		for (unsigned int i = 0; i < conf->n_nodes && !ret; i++) {
			printf("%s: %s\n", conf->nodes[i].name,
			       dry ? "may it become a node?" :
				     "keys, corosync.conf, units");
			ret = bundle_send(&conf->nodes[i], &bundle, dry,
					  h->options[OPT_FORCE].n);
		}
	}
	explicit_bzero(bundle.key, sizeof(bundle.key));
	return ret;
}

static void say_grade(const struct hc_config *conf)
{
	struct grade grade;

	grade_config(conf, &grade);
	printf("SAFETY: %c (%s)\n", grade.letter, grade.text);
	if (grade.hint)
		printf("  better: %s\n", grade.hint);
}

int cmd_cluster_init(struct hactl *h)
{
	struct conf_errors errors = { 0 };
	struct hc_config *conf = NULL;
	int ret;
	char *text = first_config(h, &ret);

	if (!ret) {
		conf = hc_load("(the new configuration)", text, &errors);
		conf_errors_print(&errors, stderr);
		ret = conf ? HACTL_OK : HACTL_USAGE;
		conf_errors_free(&errors);
	}
	if (!ret && h->dry_run)
		fputs(text, stdout);
	if (!ret)
		ret = install_all(h, conf, text);
	if (!ret && !h->dry_run && conf->quorum.witness)
		ret = witness_setup(conf);
	if (!ret && !h->dry_run)
		ret = start_nodes(conf, START_FIRST);
	if (!ret && !h->dry_run)
		ret = start_verify(conf);
	if (!ret)
		say_grade(conf);
	hc_free(conf);
	free(text);
	return ret;
}
