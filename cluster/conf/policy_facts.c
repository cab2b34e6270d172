// SPDX-License-Identifier: GPL-2.0-only
/* What is known of members, failures and replicas, by index. */
#include <stdlib.h>
#include <string.h>

#include "policy_make.h"
#include "util.h"

#define ROOM(m, list, n) \
	((m)->list = xreallocarray(NULL, (n) + 1, sizeof(*(m)->list)))

static void make_status(struct hc_make *m)
{
	struct hp_input *in = &m->policy.in;

	ROOM(m, status, m->facts->n_members);
	for (int i = 0; i < m->facts->n_members; i++) {
		const struct hc_fact_member *f = &m->facts->members[i];
		int rsc = hc_rsc_of_member(m, f->service, f->member);
		int node = hc_node_index(m, f->node);

		if (rsc < 0 || node < 0 || f->role == HP_ROLE_STOPPED)
			continue;
		m->status[in->n_status++] = (struct hp_status){
			.rsc = rsc, .node = node, .role = f->role,
			.failed = f->failed, .failed_op = f->failed_op,
			.blocked = f->blocked, .changed = f->changed,
		};
	}
	in->status = m->status;
}

static void make_failures(struct hc_make *m)
{
	struct hp_input *in = &m->policy.in;

	ROOM(m, failures, m->facts->n_failures);
	for (int i = 0; i < m->facts->n_failures; i++) {
		const struct hc_fact_failure *f = &m->facts->failures[i];
		int rsc = hc_rsc_of_member(m, f->service, f->member);
		int node = hc_node_index(m, f->node);

		if (rsc >= 0 && node >= 0)
			m->failures[in->n_failures++] = (struct hp_failure){
				.rsc = rsc, .node = node, .count = f->count,
				.last_ms = f->last_ms, .times_ms = f->times_ms,
				.n_times = f->n_times,
			};
	}
	in->failures = m->failures;
}

static void make_promotions(struct hc_make *m)
{
	struct hp_input *in = &m->policy.in;

	ROOM(m, promotions, m->facts->n_promotions);
	for (int i = 0; i < m->facts->n_promotions; i++) {
		const struct hc_fact_promotion *f = &m->facts->promotions[i];
		const struct hc_service *clone =
			hc_service_find(m->conf, f->clone);
		int node = hc_node_index(m, f->node);

		if (!clone || clone->promotable <= 0 || node < 0)
			continue;
		m->promotions[in->n_promotions++] = (struct hp_promotion){
			.rsc = hc_rsc_of_member(m, f->clone,
						clone->members[0].name),
			.node = node, .score = f->score,
		};
	}
	in->promotions = m->promotions;
}

static void make_storage(struct hc_make *m)
{
	struct hp_input *in = &m->policy.in;

	ROOM(m, storage, m->facts->n_storage);
	for (int i = 0; i < m->facts->n_storage; i++) {
		const struct hc_fact_storage *f = &m->facts->storage[i];
		const struct hc_device *device =
			hc_device_find(m->conf, f->device);
		int rsc = hc_rsc_of_device(m, f->device, true);
		int node = hc_node_index(m, f->node);
		enum hp_data data = f->data;

		if (rsc < 0 || node < 0)
			continue;
		/* The engine's switch is for all devices; ours is for one. */
		if (data == HP_DATA_REMOTE && device->allow_remote_data <= 0)
			data = HP_DATA_NEVER;
		if (data == HP_DATA_CONSISTENT &&
		    device->promote_when != HC_PROMOTE_CONSISTENT &&
		    device->promote_when >= 0)
			data = HP_DATA_NEVER;
		m->storage[in->n_storage++] = (struct hp_storage){
			.rsc = rsc, .node = node, .data = data,
			.excluded = f->excluded, .split_brain = f->split_brain,
		};
	}
	in->storage = m->storage;
}

void hc_make_facts(struct hc_make *m)
{
	make_status(m);
	make_failures(m);
	make_promotions(m);
	make_storage(m);
}
