// SPDX-License-Identifier: GPL-2.0-only
/* News of the ring. Of those who hear it, the first node says it to all. */
#include <corosync/cpg.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "corosync_conf.h"
#include "devices.h"
#include "events.h"
#include "facts.h"
#include "fencing.h"
#include "ring.h"
#include "ring_news.h"
#include "secrets.h"
#include "util.h"

static uint32_t here;		/* the nodes whose daemons were there last */

static char *names(const struct daemon *d, uint32_t nodes)
{
	char *text = xstrdup(""), *longer;

	for (uint32_t id = 1; id <= 32; id++) {
		const struct hc_node *node = nodes & 1u << (id - 1) && d->conf ?
					     facts_node(d->conf, id) : NULL;

		if (!node)
			continue;
		longer = xasprintf("%s%s%s", text, *text ? " " : "", node->name);
		free(text);
		text = longer;
	}
	return text;
}

/* When the lost one may have been heard last. */
static int64_t heard_ms(const struct daemon *d, uint32_t reason)
{
	struct hc_timing timing;

	if (reason != CPG_REASON_NODEDOWN)
		return 0;
	hc_timing(d->conf, &timing);
	return timing.token + timing.consensus;
}

static void say_lost(struct daemon *d, uint32_t lost, uint32_t now_here,
		     uint32_t reason)
{
	char *who = names(d, lost), *rest = names(d, now_here), *text;
	int64_t now = clock_wall(), ago = heard_ms(d, reason);

	text = xasprintf("%s lost: %s, members %s", who,
			 reason == CPG_REASON_NODEDOWN ? "not heard any more" :
			 reason == CPG_REASON_LEAVE ? "its daemon left" :
			 "its daemon has ended", rest);
	events_say(d, json_pack("{s:s, s:s, s:s, s:I, s:I}", "kind",
				"node-lost", "node", who, "text", text,
				"time_ms", (json_int_t)now, "down_ms",
				(json_int_t)(now - ago)), true);
	free(text);
	free(rest);
	free(who);
}

static void say_joined(struct daemon *d, uint32_t joined)
{
	char *who = names(d, joined), *text;

	text = xasprintf("%s joined", who);
	events_say(d, json_pack("{s:s, s:s, s:s}", "kind", "node-joined",
				"node", who, "text", text), true);
	free(text);
	free(who);
}

void ring_news_members(struct daemon *d, const struct core_member *members,
		       size_t count, uint32_t reason)
{
	uint32_t now_here = 0, lost, joined, mine = 1u << (d->id - 1);

	for (size_t i = 0; i < count; i++)
		if (members[i].node && members[i].node <= 32)
			now_here |= 1u << (members[i].node - 1);
	lost = here & ~now_here;
	joined = now_here & ~here;
	here = now_here;
	/* The first of those who were there before speaks for all. */
	if (!d->conf || !(now_here & mine) ||
	    ((now_here & ~joined) & (mine - 1)) || (joined & mine))
		return;
	if (lost)
		say_lost(d, lost, now_here, reason);
	if (joined)
		say_joined(d, joined);
}

void ring_news_ring(struct daemon *d, const struct core_ring *ring,
		    uint32_t nodes)
{
	char *who = names(d, nodes);

	say(6, "ring %u.%llu: %s", ring->node, (unsigned long long)ring->seq, who);
	free(who);
	devices_peers(d->devices, nodes);
}

void ring_news_alone(struct daemon *d)
{
	here = 0;
	(void)d;
}

void ring_news_json(struct daemon *d, char kind, uint32_t from,
		    const char *text, size_t size)
{
	json_t *json = json_loadb(text, size, 0, NULL);

	(void)from;
	if (!json_is_object(json)) {
		json_decref(json);
		return;
	}
	switch (kind) {
	case RING_EVENT:
		events_take(d, json);
		break;
	case RING_ASK:
		fencing_asked(d, json);
		attributes_asked(d, json);
		break;
	case RING_SECRET:
		secrets_take(d, json);
		break;
	}
	json_decref(json);
}
