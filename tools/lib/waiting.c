// SPDX-License-Identifier: GPL-2.0-only
/* Judging one state; no clock, no kernel. */
#include "util.h"
#include "waiting.h"
#include "words.h"

static char *with_reason(const struct ha_peer_state *peer, const char *what)
{
	if (*peer->reason)
		return xasprintf("peer %s is %s: %s", peer->name, what,
				 peer->reason);
	return xasprintf("peer %s is %s", peer->name, what);
}

static char *missing_sync(const struct ha_state *state,
			  const struct ha_peer_state *peer)
{
	if (state->disk != HA_DISK_STATE_UPTODATE)
		return xasprintf("the disk is %s",
				 ha_word(ha_disk_words, state->disk));
	if (peer->disk != HA_DISK_STATE_UPTODATE)
		return with_reason(peer, ha_word(ha_disk_words, peer->disk));
	if (peer->replication != HA_REPL_STATE_ESTABLISHED)
		return with_reason(peer, ha_word(ha_repl_words,
						 peer->replication));
	return NULL;
}

char *ha_waiting_for(const struct ha_state *state, bool sync, bool *hopeless)
{
	*hopeless = false;
	for (unsigned int i = 0; i < state->n_peers; i++) {
		const struct ha_peer_state *peer = &state->peers[i];
		char *missing = NULL;

		if (peer->connection != HA_CONN_STATE_CONNECTED) {
			*hopeless = peer->connection ==
				    HA_CONN_STATE_STANDALONE;
			return with_reason(peer, ha_word(ha_conn_words,
							 peer->connection));
		}
		if (sync)
			missing = missing_sync(state, peer);
		if (missing)
			return missing;
	}
	return NULL;
}
