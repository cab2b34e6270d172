// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lifetime of a peer, and the one line that says why it is not connected.
 */
#include <linux/slab.h>

#include "resource.h"

struct ha_peer *ha_peer_create(struct ha_resource *res, u32 node_id)
{
	struct ha_peer *p;

	if (node_id >= HA_SLOTS || node_id == res->node_id)
		return ERR_PTR(-EINVAL);
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return ERR_PTR(-ENOMEM);
	kref_init(&p->ref);
	ha_resource_get(res);
	p->res = res;
	p->node_id = node_id;
	snprintf(p->name, sizeof(p->name), "%u", node_id);
	init_completion(&p->connector.exited);
	init_waitqueue_head(&p->connector.wait);
	init_waitqueue_head(&p->mirror_wait);
	mutex_init(&p->question.mutex);
	mutex_init(&p->flush.mutex);
	p->conn = HA_STANDALONE;
	p->role = HA_UNKNOWN_ROLE;
	p->disk_state = HA_DUNKNOWN;
	p->repl = HA_OFF;
	return p;
}

struct ha_peer *ha_peer_get(struct ha_peer *p)
{
	kref_get(&p->ref);
	return p;
}

static void peer_release(struct kref *ref)
{
	struct ha_peer *p = container_of(ref, struct ha_peer, ref);
	struct ha_resource *res = p->res;

	WARN_ON_ONCE(p->connector.task || p->session);
	kfree_sensitive(p);
	ha_resource_put(res);
}

void ha_peer_put(struct ha_peer *p)
{
	kref_put(&p->ref, peer_release);
}

void ha_peer_set_reason(struct ha_peer *p, const char *fmt, ...)
{
	char text[sizeof(p->reason)];
	va_list args;
	bool changed;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	spin_lock_irq(&p->res->state_lock);
	changed = strcmp(p->reason, text);
	if (changed)
		strscpy(p->reason, text, sizeof(p->reason));
	spin_unlock_irq(&p->res->state_lock);
	if (!changed)
		return;
	if (text[0])
		ha_peer_warn_ratelimited(p, "%s\n", text);
	ha_event(p->res, text[0] ? text : NULL);
}
