// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that are one request to the kernel each. */
#include <stdio.h>
#include <string.h>

#include "genl.h"
#include "hasetup.h"
#include "util.h"

void hasetup_request_usage(const struct ha_request_kind *kind)
{
	unsigned int takes = kind->takes;

	printf("hasetup %s NAME", kind->verb);
	if (takes & HA_TAKES_PEER)
		fputs(" NODE-ID", stdout);
	if (takes & HA_TAKES_ANY_PEER)
		fputs(" [NODE-ID]", stdout);
	if (takes & HA_TAKES_DISK)
		fputs(" DISK [META-DISK]", stdout);
	if (takes & HA_TAKES_NODE)
		fputs(" --node-id N --minor M", stdout);
	if (takes & HA_TAKES_LINK)
		fputs(" --name HOST --local ADDRESS:PORT --remote ADDRESS:PORT",
		      stdout);
	if (takes & HA_TAKES_SECRET)
		fputs(" [--secret-file FILE|-]", stdout);
	for (int id = 0; id < HA_OPT_NR; id++)
		if (takes & (id < HA_OPT_RESOURCE_NR ? HA_TAKES_RESOURCE_OPTS :
			     HA_TAKES_PEER_OPTS))
			printf(" [--%s ...]", ha_options[id].name);
	if (takes & HA_TAKES_FORCE)
		fputs(" [--force]", stdout);
	if (takes & HA_TAKES_DISCARD)
		fputs(" [--discard-my-data]", stdout);
	printf("\n  %s\n", kind->help);
}

int hasetup_request(const struct ha_request_kind *kind, int argc, char **argv)
{
	struct ha_request req;
	struct ha_genl *genl;
	int ret;

	ret = hasetup_parse(&req, kind, argc, argv);
	if (ret)
		goto out_free;
	ret = HA_EXIT_FAILED;
	genl = hasetup_open();
	if (!genl)
		goto out_free;
	if (!ha_request_send(&req, genl))
		ret = HA_EXIT_OK;
	else
		fprintf(stderr, "hasetup: %s: %s\n", req.name,
			ha_genl_error(genl));
	ha_genl_close(genl);
out_free:
	ha_request_free(&req);
	return ret;
}
