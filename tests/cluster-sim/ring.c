// SPDX-License-Identifier: GPL-2.0-only
/*
 * Totem and CPG as far as a client sees them. One order per ring; when a ring
 * breaks, each side delivers what some of it delivered, perhaps more, and surely
 * its own; what was not sent yet is sent, and delivered, in the next ring.
 */
#include "memory.h"
#include "world.h"

void ring_item_put(struct item *item)
{
	if (--item->refs)
		return;
	core_blob_put(item->bytes);
	free(item);
}

static bool live(struct sim *sim, const struct ring *ring)
{
	int n, component = -1;

	FOR_NODES(sim, n) {
		struct node *node = &sim->node[n];

		if (!(ring->nodes & NODE_BIT(n + 1)))
			continue;
		if (!node->up || node->ring != ring)
			return false;
		if (component >= 0 && node->component != component)
			return false;
		component = node->component;
	}
	return !ring->broken;
}

static void queue(struct sim *sim, int n, struct item *item)
{
	struct node *node = &sim->node[n];
	int64_t time = sim->now + sim_random(sim, sim->set.rough && !sim->healing &&
					     sim_chance(sim, 25) ? 300 : 3);

	if (node->inbox_count == QUEUE) {
		sim_break(sim, "simulator: inbox of node %d is full", n + 1);
		return;
	}
	if (node->lag_until > time)
		time = node->lag_until;
	if (time < node->last_delivery)
		time = node->last_delivery;
	node->last_delivery = time;
	item->refs++;
	node->inbox[(node->inbox_head + node->inbox_count++) % QUEUE] =
		(struct inbox){ item, time, node->pid };
	sim_add(sim, time - sim->now, SIM_INBOX, n);
}

/* Ordered now; each member gets it in its time. */
static void order(struct sim *sim, struct ring *ring, struct item *item)
{
	int n;

	item->refs = 1;
	item->index = ++ring->length;
	item->ring = ring->id;
	FOR_NODES(sim, n)
		if (ring->nodes & NODE_BIT(n + 1) && sim->node[n].pid)
			queue(sim, n, item);
	ring_item_put(item);
}

void ring_send(struct sim *sim, int n, const void *data, size_t size)
{
	struct node *node = &sim->node[n];
	struct item *item;

	if (!node->ring || !live(sim, node->ring)) {
		if (node->outbox_count < QUEUE)
			node->outbox[node->outbox_count++] = core_blob_new(data, size);
		return;
	}
	item = core_alloc(sizeof(*item));
	item->kind = ITEM_MESSAGE;
	item->from.node = n + 1;
	item->from.pid = node->pid;
	item->bytes = core_blob_new(data, size);
	order(sim, node->ring, item);
}

static struct item *group(struct sim *sim, const struct ring *ring)
{
	struct item *item = core_alloc(sizeof(*item));
	int n;

	item->kind = ITEM_CPG;
	FOR_NODES(sim, n) {
		if (!(ring->nodes & NODE_BIT(n + 1)) || !sim->node[n].pid)
			continue;
		item->members[item->count].node = n + 1;
		item->members[item->count++].pid = sim->node[n].pid;
	}
	return item;
}

static struct item *ring_item(const struct ring *ring)
{
	struct item *item = core_alloc(sizeof(*item));

	item->kind = ITEM_RING;
	item->nodes = ring->nodes;
	item->ring = ring->id;
	item->refs = 1;
	return item;
}

/* A daemon joined the group of a ring that stays. */
void ring_joined(struct sim *sim, int n)
{
	struct ring *ring = sim->node[n].ring;
	struct item *item;

	if (!ring || !live(sim, ring))
		return;
	order(sim, ring, group(sim, ring));
	item = ring_item(ring);
	queue(sim, n, item);
	ring_item_put(item);
}

void ring_left(struct sim *sim, int n, uint32_t pid)
{
	struct ring *ring = sim->node[n].ring;

	(void)pid;
	if (ring && live(sim, ring))
		order(sim, ring, group(sim, ring));
}

void ring_drop_inbox(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	size_t i;

	for (i = 0; i < node->inbox_count; i++)
		ring_item_put(node->inbox[(node->inbox_head + i) % QUEUE].item);
	node->inbox_count = 0;
	for (i = 0; i < node->outbox_count; i++)
		core_blob_put(node->outbox[i]);
	node->outbox_count = 0;
}

bool ring_next(struct sim *sim, int n, struct inbox *next)
{
	struct node *node = &sim->node[n];
	struct inbox *head = &node->inbox[node->inbox_head];

	if (!node->inbox_count || head->time > sim->now)
		return false;
	*next = *head;
	node->inbox_head = (node->inbox_head + 1) % QUEUE;
	node->inbox_count--;
	if (next->item->kind != ITEM_RING && node->ring &&
	    next->item->ring.seq == node->ring->id.seq)
		node->delivered = next->item->index;
	return true;
}

/* Of what @n has not yet delivered of @ring, what comes after @cut and is not of
 * its side is gone.
 */
static void trim(struct sim *sim, int n, const struct ring *ring, uint64_t cut,
		 uint32_t side)
{
	struct node *node = &sim->node[n];
	size_t i, kept = 0;

	for (i = 0; i < node->inbox_count; i++) {
		struct inbox *in = &node->inbox[(node->inbox_head + i) % QUEUE];
		struct item *item = in->item;

		if (item->ring.seq == ring->id.seq && item->ring.node == ring->id.node &&
		    item->kind == ITEM_MESSAGE && item->index > cut &&
		    !(side & NODE_BIT(item->from.node))) {
			ring_item_put(item);
			continue;
		}
		node->inbox[(node->inbox_head + kept++) % QUEUE] = *in;
	}
	node->inbox_count = kept;
}

static void break_ring(struct sim *sim, struct ring *ring)
{
	uint32_t done = 0;
	int n, m;

	if (!ring || ring->broken)
		return;
	ring->broken = true;
	FOR_NODES(sim, n) {
		uint64_t cut = 0;
		uint32_t side = 0;

		if (!(ring->nodes & NODE_BIT(n + 1)) || done & NODE_BIT(n + 1) ||
		    !sim->node[n].up || sim->node[n].ring != ring)
			continue;
		FOR_NODES(sim, m) {
			if (!(ring->nodes & NODE_BIT(m + 1)) || !sim->node[m].up ||
			    sim->node[m].ring != ring ||
			    sim->node[m].component != sim->node[n].component)
				continue;
			side |= NODE_BIT(m + 1);
			if (sim->node[m].delivered > cut)
				cut = sim->node[m].delivered;
		}
		done |= side;
		if (sim_chance(sim, 50))
			cut += sim_random(sim, ring->length - cut + 1);
		FOR_NODES(sim, m)
			if (side & NODE_BIT(m + 1))
				trim(sim, m, ring, cut, side);
	}
}

/* Something happened to the network or a machine: old rings break at once, new
 * ones form when the token has been missed for long enough.
 */
void ring_change(struct sim *sim)
{
	int n;

	FOR_NODES(sim, n) {
		struct node *node = &sim->node[n];
		int64_t when = sim->set.rough ? 50 + sim_random(sim, 300) :
						900 + sim_random(sim, 500);

		if (!node->up)
			continue;
		if (node->ring && !live(sim, node->ring))
			break_ring(sim, node->ring);
		node->reform = sim->now + when;
		sim_add(sim, when, SIM_REFORM, n);
	}
	device_network(sim);
}

static uint32_t side_of(struct sim *sim, int n)
{
	uint32_t side = 0;
	int m;

	FOR_NODES(sim, m)
		if (sim->node[m].up && sim->node[m].component == sim->node[n].component)
			side |= NODE_BIT(m + 1);
	return side;
}

/* A member that is none: seen in some versions of corosync after merges. */
static void add_ghost(struct sim *sim, struct item *item)
{
	int n;

	if (sim->healing || !sim_chance(sim, 5))
		return;
	n = sim_random(sim, sim->set.nodes);
	if (sim->node[n].pid)
		return;
	item->members[item->count].node = n + 1;
	item->members[item->count++].pid = 7;
}

static struct ring *new_ring(struct sim *sim, uint32_t side)
{
	struct ring *ring = core_alloc(sizeof(*ring));
	uint64_t seq = 0;
	int n;

	FOR_NODES(sim, n)
		if (side & NODE_BIT(n + 1) && sim->node[n].ring_seq > seq)
			seq = sim->node[n].ring_seq;
	ring->id.seq = seq + 4;
	ring->id.node = __builtin_ctz(side) + 1;
	ring->nodes = side;
	if (sim->nr_rings == 4096)
		sim_break(sim, "simulator: too many rings");
	else
		sim->rings[sim->nr_rings++] = ring;
	return ring;
}

static void flush_outbox(struct sim *sim, int n)
{
	struct node *node = &sim->node[n];
	size_t i, count = node->outbox_count;

	node->outbox_count = 0;
	for (i = 0; i < count; i++) {
		struct core_blob *blob = node->outbox[i];

		ring_send(sim, n, blob->data, blob->size);
		core_blob_put(blob);
	}
}

void ring_reform(struct sim *sim, int n)
{
	uint32_t side;
	struct ring *ring;
	struct item *cpg, *last;
	int m;

	if (!sim->node[n].up || sim->node[n].reform > sim->now)
		return;
	side = side_of(sim, n);
	if (sim->node[n].ring && live(sim, sim->node[n].ring) &&
	    sim->node[n].ring->nodes == side)
		return;
	ring = new_ring(sim, side);
	FOR_NODES(sim, m)
		if (side & NODE_BIT(m + 1))
			break_ring(sim, sim->node[m].ring);
	FOR_NODES(sim, m) {
		if (!(side & NODE_BIT(m + 1)))
			continue;
		sim->node[m].ring = ring;
		sim->node[m].ring_seq = ring->id.seq;
		sim->node[m].delivered = 0;
		if (side == NODE_BIT(sim->set.nodes + 1) - 1)
			sim->node[m].seen_all = true;
	}
	cpg = group(sim, ring);
	add_ghost(sim, cpg);
	order(sim, ring, cpg);
	FOR_NODES(sim, m) {
		if (!(side & NODE_BIT(m + 1)))
			continue;
		last = ring_item(ring);
		if (sim->node[m].pid)
			queue(sim, m, last);
		ring_item_put(last);
	}
	FOR_NODES(sim, m)
		if (side & NODE_BIT(m + 1))
			flush_outbox(sim, m);
	FOR_NODES(sim, m)
		if (side & NODE_BIT(m + 1))
			quorum_changed(sim, m);
	quorum_vote(sim);
}
