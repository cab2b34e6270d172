// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that change the role of a device. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "genl.h"
#include "member.h"
#include "request.h"
#include "storage_ask.h"
#include "view.h"

static struct ha_genl *module(int *code)
{
	char *error = NULL;
	struct ha_genl *genl = ha_genl_open(&error);

	if (!genl)
		*code = failed(errno == ENOENT ? EX_CODE_INSTALLED :
			       EX_CODE_GENERIC, "%s", error);
	free(error);
	return genl;
}

int storage_ask(const char *name, struct ha_state *state)
{
	struct ha_view view = { 0 };
	const struct ha_state *found;
	int code = EX_CODE_OK;
	struct ha_genl *genl = module(&code);

	if (!genl)
		return code;
	if (ha_view_load(&view, genl))
		code = failed(EX_CODE_GENERIC, "%s", ha_genl_error(genl));
	found = ha_view_find(&view, name);
	if (!code && !found)
		code = failed(EX_CODE_NOT_RUNNING, "%s is not up", name);
	else if (!code)
		*state = *found;
	ha_view_free(&view);
	ha_genl_close(genl);
	return code;
}

static int ask(const char *name, uint8_t cmd, bool force, int peer)
{
	struct ha_request request;
	int code = EX_CODE_OK;
	struct ha_genl *genl = module(&code);

	if (!genl)
		return code;
	ha_request_init(&request, ha_request_kind(cmd), name);
	request.force = force;
	request.peer = peer;
	if (ha_request_send(&request, genl))
		code = failed(EX_CODE_GENERIC, "%s", ha_genl_error(genl));
	ha_request_free(&request);
	ha_genl_close(genl);
	return code;
}

static int ask_role(const char *name, uint8_t cmd, bool force)
{
	return ask(name, cmd, force, -1);
}

int member_primary(char **words)
{
	return ask_role(words[0], HA_CMD_PRIMARY, false);
}

/*
 * The cluster has committed that the peer may not be promoted. The module is told
 * first; of one that still answers it does not take that, nor need it.
 */
int member_take_over(char **words)
{
	struct ha_state state;
	int code = storage_ask(words[0], &state);

	for (unsigned int i = 0; !code && i < state.n_peers; i++) {
		const struct ha_peer_state *peer = &state.peers[i];

		if (strcmp(peer->name, words[1]))
			continue;
		if (ask(words[0], HA_CMD_FENCED, false, peer->node_id))
			fprintf(stderr, "%s is not fenced\n", words[1]);
	}
	return code ? code : member_primary(words);
}

/* What is not up is not Primary. */
static int demote(const char *name, bool force)
{
	struct ha_state state;
	int code = storage_ask(name, &state);

	if (code == EX_CODE_NOT_RUNNING || code == EX_CODE_INSTALLED)
		return EX_CODE_OK;
	if (code)
		return code;
	if (state.role != HA_ROLE_PRIMARY)
		return EX_CODE_OK;
	return ask_role(name, HA_CMD_SECONDARY, force);
}

int member_secondary(char **words)
{
	return demote(words[0], false);
}

int member_force_secondary(char **words)
{
	return demote(words[0], true);
}
