// SPDX-License-Identifier: GPL-2.0-only
/* From the command line to a request, by what its kind takes. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "hasetup.h"
#include "util.h"

#define SECRET_VARIABLE	"HASETUP_SECRET"

/* Values of getopt_long(); options of the table follow as OPT_TABLE + id. */
enum {
	OPT_NODE_ID = 256,
	OPT_MINOR,
	OPT_NAME,
	OPT_LOCAL,
	OPT_REMOTE,
	OPT_SECRET_FILE,
	OPT_FORCE,
	OPT_DISCARD,
	OPT_TABLE,
};

static const struct {
	unsigned int takes;
	const char *name;
	int has_arg, value;
} fixed[] = {
	{ HA_TAKES_NODE, "node-id", required_argument, OPT_NODE_ID },
	{ HA_TAKES_NODE, "minor", required_argument, OPT_MINOR },
	{ HA_TAKES_LINK, "name", required_argument, OPT_NAME },
	{ HA_TAKES_LINK, "local", required_argument, OPT_LOCAL },
	{ HA_TAKES_LINK, "remote", required_argument, OPT_REMOTE },
	{ HA_TAKES_SECRET, "secret-file", required_argument, OPT_SECRET_FILE },
	{ HA_TAKES_FORCE, "force", no_argument, OPT_FORCE },
	{ HA_TAKES_DISCARD, "discard-my-data", no_argument, OPT_DISCARD },
};

#define OPTIONS_MAX (ARRAY_SIZE(fixed) + HA_OPT_NR + 1)

static void make_options(const struct ha_request_kind *kind,
			 struct option options[OPTIONS_MAX])
{
	unsigned int n = 0;

	memset(options, 0, OPTIONS_MAX * sizeof(*options));
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		if (!(kind->takes & fixed[i].takes))
			continue;
		options[n].name = fixed[i].name;
		options[n].has_arg = fixed[i].has_arg;
		options[n++].val = fixed[i].value;
	}
	for (int id = 0; id < HA_OPT_NR; id++) {
		unsigned int needs = id < HA_OPT_RESOURCE_NR ?
			HA_TAKES_RESOURCE_OPTS : HA_TAKES_PEER_OPTS;

		if (!(kind->takes & needs))
			continue;
		options[n].name = ha_options[id].name;
		options[n].has_arg = required_argument;
		options[n++].val = OPT_TABLE + id;
	}
}

static int parse_number(const char *text, const char *what, int max, int *out)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 0 || n > max)
		return hasetup_usage("%s must be a number from 0 to %d, not \"%s\"",
				     what, max, text);
	*out = n;
	return 0;
}

static int parse_address(const char *text, struct sockaddr_storage *out)
{
	const char *wrong = ha_address_parse(text, out);

	return wrong ? hasetup_usage("address \"%s\" %s", text, wrong) : 0;
}

/* Secrets come from a file, or from stdin, so that ps does not show them. */
static int read_secret(const char *path, char **secret)
{
	char line[HA_SECRET_LEN + 1];
	FILE *in = strcmp(path, "-") ? fopen(path, "re") : stdin;

	if (!in)
		return hasetup_usage("cannot read %s: %s", path,
				     strerror(errno));
	if (!fgets(line, sizeof(line), in))
		line[0] = '\0';
	if (in != stdin)
		fclose(in);
	line[strcspn(line, "\n")] = '\0';
	if (!*line || strlen(line) >= HA_SECRET_LEN)
		return hasetup_usage("the secret must have 1 to %d letters",
				     HA_SECRET_LEN - 1);
	ha_replace(secret, line);
	explicit_bzero(line, sizeof(line));
	return 0;
}

static int take_table_option(struct ha_request *req, int id, const char *text)
{
	uint64_t value;
	char *wrong = ha_option_parse(&ha_options[id], text, false, &value);
	int ret = 0;

	if (wrong)
		ret = hasetup_usage("%s", wrong);
	else
		ha_values_set(&req->values, id, value);
	free(wrong);
	return ret;
}

static int take_option(struct ha_request *req, int opt, const char *text)
{
	switch (opt) {
	case OPT_NODE_ID:
		return parse_number(text, "node-id", HA_MAX_SLOTS - 1,
				    &req->node_id);
	case OPT_MINOR:
		return parse_number(text, "minor", 32767, &req->minor);
	case OPT_NAME:
		ha_replace(&req->peer_name, text);
		return 0;
	case OPT_LOCAL:
		return parse_address(text, &req->local);
	case OPT_REMOTE:
		return parse_address(text, &req->remote);
	case OPT_SECRET_FILE:
		return read_secret(text, &req->secret);
	case OPT_FORCE:
		req->force = true;
		return 0;
	case OPT_DISCARD:
		req->discard_my_data = true;
		return 0;
	}
	if (opt < OPT_TABLE)
		return HA_EXIT_USAGE;	/* getopt has said why */
	return take_table_option(req, opt - OPT_TABLE, text);
}

static int take_positional(struct ha_request *req, int argc, char **argv)
{
	unsigned int takes = req->kind->takes;
	int ret, n = 0;

	if (takes & (HA_TAKES_PEER | HA_TAKES_ANY_PEER)) {
		if (n < argc) {
			ret = parse_number(argv[n++], "the peer's node id",
					   HA_MAX_SLOTS - 1, &req->peer);
			if (ret)
				return ret;
		} else if (takes & HA_TAKES_PEER) {
			return hasetup_usage("the peer's node id is missing");
		}
	}
	if (takes & HA_TAKES_DISK) {
		if (n == argc)
			return hasetup_usage("the disk is missing");
		ha_replace(&req->disk, argv[n++]);
		if (n < argc)
			ha_replace(&req->meta_disk, argv[n++]);
	}
	if (n < argc)
		return hasetup_usage("\"%s\" is too much", argv[n]);
	return 0;
}

static int check_complete(const struct ha_request *req)
{
	unsigned int takes = req->kind->takes;

	if (!*req->name || strlen(req->name) >= HA_NAME_LEN ||
	    (req->peer_name && strlen(req->peer_name) >= HA_NAME_LEN))
		return hasetup_usage("a name has 1 to %d letters",
				     HA_NAME_LEN - 1);
	if ((takes & HA_TAKES_NODE) && (req->node_id < 0 || req->minor < 0))
		return hasetup_usage("--node-id and --minor are needed");
	if ((takes & HA_TAKES_LINK) &&
	    (!req->peer_name || !req->local.ss_family ||
	     !req->remote.ss_family))
		return hasetup_usage("--name, --local and --remote are needed");
	if ((req->disk && strlen(req->disk) >= HA_PATH_LEN) ||
	    (req->meta_disk && strlen(req->meta_disk) >= HA_PATH_LEN))
		return hasetup_usage("a path has %d letters at most",
				     HA_PATH_LEN - 1);
	return 0;
}

int hasetup_parse(struct ha_request *req, const struct ha_request_kind *kind,
		  int argc, char **argv)
{
	struct option options[OPTIONS_MAX];
	const char *secret = getenv(SECRET_VARIABLE);
	int opt, ret = 0;

	ha_request_init(req, kind, "");
	make_options(kind, options);
	if (secret && (kind->takes & HA_TAKES_SECRET)) {
		if (!*secret || strlen(secret) >= HA_SECRET_LEN)
			return hasetup_usage("the secret must have 1 to %d letters",
					     HA_SECRET_LEN - 1);
		ha_replace(&req->secret, secret);
	}
	while (!ret && (opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		ret = take_option(req, opt, optarg);
	if (ret)
		return ret;
	if (optind == argc)
		return hasetup_usage("the name of the resource is missing");
	ha_replace(&req->name, argv[optind++]);
	ret = take_positional(req, argc - optind, argv + optind);
	return ret ? ret : check_complete(req);
}
