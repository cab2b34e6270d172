// SPDX-License-Identifier: GPL-2.0-only
/* Why a service is where it is; the explanation is the policy engine's. */
#include <string.h>

#include "answers.h"
#include "policy_plan_json.h"

void answer_why(struct daemon *d, struct ipc_call *call)
{
	const char *name = ipc_text(call, "service");
	const char *node = ipc_text(call, "node");
	const struct thought *t;
	struct picture *p;
	json_t *why;

	if (node && !hc_node_find(d->conf, node)) {
		ipc_fail(call, "failed", "there is no node \"%s\"", node);
		return;
	}
	p = picture_take(d);
	t = picture_think(p);
	if (t->ret) {
		ipc_fail(call, "failed", "no plan can be made: %s",
			 t->plan.error);
	} else {
		why = name ? hc_why_json(p->conf, t->policy, &t->plan, name,
					 node) : NULL;
		if (why)
			ipc_ok(call, why);
		else
			ipc_fail(call, "failed", "there is no service \"%s\"",
				 name ? name : "");
	}
	picture_free(p);
}
