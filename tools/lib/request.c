// SPDX-License-Identifier: GPL-2.0-only
/* The table of requests; making, printing and freeing one. No I/O. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "request.h"
#include "util.h"

const struct ha_request_kind ha_request_kinds[] = {
	{ "new-resource", HA_CMD_RESOURCE_NEW,
	  HA_TAKES_NODE | HA_TAKES_RESOURCE_OPTS,
	  "make a resource and its device" },
	{ "resource-options", HA_CMD_RESOURCE_SET, HA_TAKES_RESOURCE_OPTS,
	  "change options of a resource" },
	{ "new-peer", HA_CMD_PEER_NEW,
	  HA_TAKES_PEER | HA_TAKES_LINK | HA_TAKES_SECRET | HA_TAKES_PEER_OPTS,
	  "name a peer and its addresses" },
	{ "peer-options", HA_CMD_PEER_SET,
	  HA_TAKES_PEER | HA_TAKES_SECRET | HA_TAKES_PEER_OPTS,
	  "change options of a connection" },
	{ "del-peer", HA_CMD_PEER_DEL, HA_TAKES_PEER,
	  "forget a peer that is StandAlone" },
	{ "attach", HA_CMD_ATTACH, HA_TAKES_DISK,
	  "open the backing device with its metadata" },
	{ "detach", HA_CMD_DETACH, HA_TAKES_FORCE,
	  "let go of the backing device" },
	{ "connect", HA_CMD_CONNECT, HA_TAKES_ANY_PEER | HA_TAKES_DISCARD,
	  "look for one peer, or all" },
	{ "disconnect", HA_CMD_DISCONNECT, HA_TAKES_ANY_PEER,
	  "end the session with one peer, or all" },
	{ "primary", HA_CMD_PRIMARY, HA_TAKES_FORCE,
	  "let this node use the device" },
	{ "secondary", HA_CMD_SECONDARY, HA_TAKES_FORCE,
	  "stop using the device on this node" },
	{ "down", HA_CMD_DOWN, HA_TAKES_FORCE,
	  "disconnect, detach and remove a resource" },
	{ "invalidate", HA_CMD_INVALIDATE, 0,
	  "resync all of the local disk from a peer" },
	{ "invalidate-remote", HA_CMD_INVALIDATE_REMOTE, HA_TAKES_ANY_PEER,
	  "resync all of a peer's disk from the local one" },
	{ "skip-initial-sync", HA_CMD_SKIP_INITIAL_SYNC, 0,
	  "declare two new, connected replicas equal" },
	{ "pause-sync", HA_CMD_PAUSE_SYNC, HA_TAKES_ANY_PEER,
	  "keep resync from running" },
	{ "resume-sync", HA_CMD_RESUME_SYNC, HA_TAKES_ANY_PEER,
	  "end pause-sync" },
	{ "suspend-io", HA_CMD_SUSPEND_IO, 0,
	  "hold back all application I/O" },
	{ "resume-io", HA_CMD_RESUME_IO, 0,
	  "end a suspension of I/O" },
	{ "outdate", HA_CMD_OUTDATE, 0,
	  "mark the local disk of a Secondary Outdated" },
	{ "fenced", HA_CMD_FENCED, HA_TAKES_ANY_PEER,
	  "say that a peer that is away cannot write any more" },
	{ NULL, 0, 0, NULL }
};

const struct ha_request_kind *ha_request_kind(uint8_t cmd)
{
	const struct ha_request_kind *kind = ha_request_kinds;

	while (kind->verb && kind->cmd != cmd)
		kind++;
	return kind->verb ? kind : NULL;
}

void ha_request_init(struct ha_request *req,
		     const struct ha_request_kind *kind, const char *name)
{
	memset(req, 0, sizeof(*req));
	req->kind = kind;
	req->name = xstrdup(name);
	req->node_id = -1;
	req->minor = -1;
	req->peer = -1;
}

void ha_request_free(struct ha_request *req)
{
	free(req->name);
	free(req->peer_name);
	free(req->secret);
	free(req->disk);
	free(req->meta_disk);
}

/* Paths and names may hold what a shell would take apart. */
static void print_word(const char *word, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+:@%=[]-";

	if (*word && strspn(word, plain) == strlen(word)) {
		fprintf(out, " %s", word);
		return;
	}
	fputs(" '", out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}

static void print_link(const struct ha_request *req, FILE *out)
{
	char address[HA_ADDRESS_TEXT];

	if (req->peer_name) {
		fputs(" --name", out);
		print_word(req->peer_name, out);
	}
	if (req->local.ss_family) {
		ha_address_format(&req->local, address);
		fprintf(out, " --local %s", address);
	}
	if (req->remote.ss_family) {
		ha_address_format(&req->remote, address);
		fprintf(out, " --remote %s", address);
	}
	if (req->secret)
		fputs(" --secret-file -", out);
}

void ha_request_print(const struct ha_request *req, FILE *out)
{
	char text[64];

	fprintf(out, "hasetup %s", req->kind->verb);
	print_word(req->name, out);
	if (req->peer >= 0)
		fprintf(out, " %d", req->peer);
	if (req->disk)
		print_word(req->disk, out);
	if (req->meta_disk)
		print_word(req->meta_disk, out);
	if (req->node_id >= 0)
		fprintf(out, " --node-id %d", req->node_id);
	if (req->minor >= 0)
		fprintf(out, " --minor %d", req->minor);
	print_link(req, out);
	for (int id = 0; id < HA_OPT_NR; id++) {
		if (!(req->values.set & (1u << id)))
			continue;
		ha_option_format(&ha_options[id], req->values.value[id], text,
				 sizeof(text));
		fprintf(out, " --%s %s", ha_options[id].name, text);
	}
	if (req->force)
		fputs(" --force", out);
	if (req->discard_my_data)
		fputs(" --discard-my-data", out);
	fputc('\n', out);
}
