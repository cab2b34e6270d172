// SPDX-License-Identifier: GPL-2.0-only
/* How both nodes stand at the end of a trace, in words. */
#include "search.h"
#include "../../kernel/state.h"

static void tell_node(int i)
{
	const struct ha_lineage *l = &w.media[i].super.lineage;
	const struct node *n = &w.node[i];
	const struct ha_disk *d = disk_of(i);

	printf("  %c: %s, %s, %s, %s; generation %llu, base %llu, flags %x, %x; gate %x, %u requests, verdict row %u",
	       'A' + i, !n->up ? "off" : ha_role_word(n->res.role),
	       ha_disk_state_word(n->res.disk_state),
	       ha_conn_word_text(n->peer.conn),
	       ha_repl_word_text(n->peer.repl),
	       (unsigned long long)l->current_gen,
	       (unsigned long long)l->slot[1 - i].base, l->flags,
	       l->slot[1 - i].flags, n->res.gate, n->res.inflight,
	       n->up && n->peer.session ? n->peer.session->verdict.row : 0);
	if (d)
		printf(", bits %d and %d", (int)d->bitmap[0].weight.counter,
		       (int)d->bitmap[1].weight.counter);
	printf(", data %u %u %u", w.media[i].data[0].now,
	       w.media[i].data[1].now, w.media[i].data[2].now);
	printf(n->peer.reason[0] ? ", \"%s\"\n" : "%s\n", n->peer.reason);
}

void tell_nodes(void)
{
	tell_node(0);
	tell_node(1);
}
