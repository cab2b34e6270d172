// SPDX-License-Identifier: GPL-2.0-only
/*
 * What must hold, told from outside: which values a reader may find, who holds
 * everything that was completed, whose data contains which writes.
 *
 * One failure of a node loses no completed write.  From the second one on,
 * before all was in sync again, a write may be lost that no flush covered.
 */
#include "world.h"

#define O (&w.o)

void oracle_started(int node, unsigned int block, unsigned int value)
{
	O->writing[node]++;
	O->flying[node][block] |= 1u << value;
	O->allowed[block] |= 1u << value;
	O->possible[block] |= 1u << value;
}

/* The application's requests at @node are gone with it. */
void oracle_forget(int node)
{
	O->writing[node] = 0;
	O->in_flush[node] = false;
	memset(O->flushing[node], 0, sizeof(O->flushing[node]));
	memset(O->flying[node], 0, sizeof(O->flying[node]));
}

static void completed_write(int node, unsigned int block, unsigned int value)
{
	/* Of two to the same block the later one may be on the disk by now. */
	O->allowed[block] = 1u << value | O->flying[node][block];
	/* It may have been on the copy that is gone, and on no other good one. */
	if (O->excused >> value & 1)
		O->allowed[block] |= O->possible[block];
	O->excused &= ~(1u << value);
	O->completed[block] = value;
	if (!last_without_disk)
		O->has[node] |= 1u << value;
	if (!last_missed)
		O->has[1 - node] |= 1u << value;
	if (last_missed)
		O->holders = 1u << node;
	else if (last_without_disk)
		O->holders = 1u << (1 - node);
}

static void completed_flush(int node)
{
	int b;

	for (b = 0; b < conf.blocks; b++) {
		O->possible[b] &= ~((1u << O->flushing[node][b]) - 1);
		O->possible[b] |= O->allowed[b];
		O->flushing[node][b] = 0;
	}
}

void oracle_completed(int node, struct bio *bio)
{
	unsigned int block = bio->bi_iter.bi_sector / 8, value;

	if (!bio->pages) {
		O->in_flush[node] = false;
		if (!bio->bi_status)
			completed_flush(node);
		return;
	}
	value = *(u64 *)bio->page[0];
	O->writing[node]--;
	O->flying[node][block] &= ~(1u << value);
	if (!bio->bi_status)
		completed_write(node, block, value);
}

/* @node does not know any more that it stayed up; @lost: its cache lost something. */
static void forgot(int node, bool power, bool lost)
{
	int other = 1 - node, b;
	bool equal = w.media[0].super.lineage.current_gen ==
		     w.media[1].super.lineage.current_gen;
	bool safe = O->holders >> other & 1, first = !O->failures;

	if (conf.strict != 1)
		safe = safe && w.node[other].up &&
		       !(O->failures >> other & 1);
	O->failures |= 1u << node;
	if (conf.strict == 2 && w.node[node].res.role == HA_PRIMARY)
		O->primaries |= 1u << node;
	if (lost)
		O->lost |= 1u << node;
	if (safe && lost)
		O->holders &= ~(1u << node);
	/*
	 * strict=2: the last holder has lost nothing, and the other did not
	 * crash as Primary.  More than is promised.
	 */
	if (conf.strict == 2 && !lost && (O->holders >> node & 1) &&
	    !(O->primaries >> other & 1))
		return;
	/*
	 * An application that goes on there has seen all that completed; also
	 * one whose disk has failed, once this copy has taken over.
	 */
	if ((first || w.node[other].res.handed_over) && w.node[other].up &&
	    w.node[other].res.role == HA_PRIMARY)
		return;
	if (safe || !(O->lost || (!power && equal && conf.strict != 1)))
		return;
	for (b = 0; b < conf.blocks; b++) {
		O->allowed[b] |= O->possible[b];
		O->excused |= O->flying[0][b] | O->flying[1][b];
	}
}

/* What no later failure can ask for does not tell states apart. */
static void last_failure(void)
{
	if (O->faults >= conf.faults && !conf.detach)
		O->lost = 0;
}

/* Node @node broke down. */
void oracle_failed(int node, bool power, bool lost)
{
	O->faults++;
	forgot(node, power, lost);
	last_failure();
}

/* A disk goes, its node stays. */
void oracle_disk_failed(int node, bool lost)
{
	O->faults++;
	forgot(node, true, lost);
	last_failure();
}

static void source_and_target(int source)
{
	int target = 1 - source;
	const struct ha_resource *res = &w.node[target].res;

	if (res->role == HA_PRIMARY && res->disk_state == HA_UPTODATE &&
	    !conf.detach && !conf.errors)
		violation("what Primary %c serves is overwritten", 'A' + target);

	if (O->has[target] & ~O->has[source])
		violation("completed writes of %c are silently discarded by the verdict",
			  'A' + target);
}

void oracle_compared(const struct ha_verdict v[2])
{
	enum ha_verdict_code code = v[0].code;
	bool reported = code == HA_V_SPLIT_BRAIN || code == HA_V_REFUSE ||
			code == HA_V_BLOCKED;

	O->verdict = code;
	if (ha_verdict_mirror(v[1].code) != code || v[0].row != v[1].row)
		violation("the verdict is not mirror-symmetric: %u and %u",
			  code, v[1].code);
	if (code == HA_V_UNRELATED && !(conf.force && conf.start))
		violation("unrelated data");
	if (code == HA_V_BLOCKED && !conf.force && !conf.detach && !conf.errors &&
	    w.media[0].super.lineage.current_gen ==
	    w.media[1].super.lineage.current_gen)
		violation("blocked although the generations are equal");
	/* Both disks have failed, and the one that is needed may be old. */
	if (code == HA_V_BLOCKED && conf.errors)
		reported = false;
	if (reported && conf.fence && !conf.force)
		violation("%s although there was fencing",
			  code == HA_V_SPLIT_BRAIN ? "split brain" : "refused");
	if ((code == HA_V_SOURCE_FULL || code == HA_V_TARGET_FULL) &&
	    !conf.start)
		violation("a needless full resync");
	if (conf.force)
		return;
	if (code == HA_V_IN_SYNC && O->has[0] != O->has[1])
		violation("in sync although one side has completed writes that the other lacks");
	if (ha_verdict_is_source(code))
		source_and_target(0);
	if (ha_verdict_is_target(code))
		source_and_target(1);
}

void oracle_committed(int node, enum ha_verdict_code code)
{
	int b;

	if (!ha_verdict_is_target(code))
		return;
	for (b = 0; b < conf.blocks; b++) {
		O->possible[b] &= ~((1u << O->completed[b]) - 1);
		O->possible[b] |= O->allowed[b];
	}
	O->targets |= 1u << node;
	O->holders &= ~(1u << node);
	if (!O->holders)
		O->holders = 1u << (1 - node);
}

void oracle_promoted(int node, bool alone)
{
	int b;

	if (alone && w.node[node].res.disk_state == HA_UPTODATE)
		O->holders = 1u << node;
	if (!conf.fence || conf.force ||
	    w.node[node].res.disk_state != HA_UPTODATE)
		return;
	for (b = 0; b < conf.blocks; b++) {
		u8 now = w.media[node].data[b].now;

		if (!(O->allowed[b] >> now & 1))
			violation("%c is promoted and shows a value that was overwritten: a completed or flushed write is lost",
				  'A' + node);
		O->allowed[b] = 1u << now;
		O->completed[b] = now;
		O->possible[b] &= (2u << now) - 1;
		O->possible[b] |= 1u << now;
	}
}

bool oracle_holds(int node)
{
	return !O->failures && (O->holders >> node & 1);
}

bool oracle_in_sync(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct node *n = &w.node[i];
		struct ha_disk *d = disk_of(i);

		if (!d || n->phase != P_UP || n->res.inflight || n->npending ||
		    n->peer.repl != HA_ESTABLISHED || n->peer.session->dead ||
		    n->res.disk_state != HA_UPTODATE ||
		    d->bitmap[0].weight.counter || d->bitmap[1].weight.counter)
			return false;
	}
	return w.net.up;
}

static void check_primary(int node)
{
	struct node *n = &w.node[node];
	int b;

	if (!n->up || n->res.role != HA_PRIMARY ||
	    n->res.disk_state != HA_UPTODATE || !conf.fence || conf.force)
		return;
	for (b = 0; b < conf.blocks; b++)
		if (!(O->allowed[b] >> w.media[node].data[b].now & 1))
			violation("Primary %c shows a value that was overwritten: a completed write is lost",
				  'A' + node);
}

/* A target that has become consistent has what its source has. */
static void check_targets(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (!(O->targets >> i & 1) ||
		    !(w.media[i].super.lineage.flags & HA_MF_CONSISTENT))
			continue;
		O->targets &= ~(1u << i);
		O->has[i] |= O->has[1 - i];
		O->holders |= 1u << i;
	}
}

/* A node says of its disk what it would say after a crash, as far as it is up. */
static void check_claim(int node)
{
	u32 flags = w.media[node].super.lineage.flags;
	struct node *n = &w.node[node];

	if (!disk_of(node) || n->res.disk->failed)
		return;
	if (n->res.disk_state == HA_UPTODATE && !(flags & HA_MF_CONSISTENT))
		violation("%c is UpToDate, and its disk is not consistent",
			  'A' + node);
	if (n->peer.repl == HA_SYNC_TARGET && (flags & HA_MF_CONSISTENT))
		violation("%c is overwritten, and its disk is consistent",
			  'A' + node);
}

void oracle_check(void)
{
	int b;

	check_claim(0);
	check_claim(1);
	check_primary(0);
	check_primary(1);
	check_targets();
	if (!oracle_in_sync())
		return;
	for (b = 0; b < conf.blocks; b++)
		if (w.media[0].data[b].now != w.media[1].data[b].now)
			violation("in sync, nothing in flight, no bits: and the contents of the replicas differ");
	if (w.media[0].super.lineage.current_gen !=
	    w.media[1].super.lineage.current_gen)
		violation("in sync, and the generations differ");
	O->holders = 3;
	O->failures = 0;
	O->lost = 0;
	O->primaries = 0;
	O->has[0] = O->has[1] = O->has[0] | O->has[1];
	for (b = 0; conf.fence && !conf.force && b < conf.blocks; b++)
		if (!(O->allowed[b] >> w.media[0].data[b].now & 1))
			violation("both replicas agree on a value that was overwritten: a completed or flushed write is lost");
}

/* Both disks have failed, and each node says what a person has to do. */
static bool asks_for_a_decision(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!w.node[i].up || w.node[i].peer.conn != HA_CONNECTED ||
		    !strstr(w.node[i].peer.reason, "--force"))
			return false;
	return conf.errors && O->verdict == HA_V_NOTHING;
}

const char *oracle_end(void)
{
	bool primary = w.node[0].res.role == HA_PRIMARY ||
		       w.node[1].res.role == HA_PRIMARY;

	if (oracle_in_sync())
		return NULL;
	if (conf.start == 2 && O->verdict == HA_V_NOTHING)
		return NULL;
	if (O->verdict == HA_V_UNRELATED ||
	    (O->verdict == HA_V_BLOCKED && conf.errors) ||
	    asks_for_a_decision())
		return NULL;
	if ((!conf.fence || conf.force) &&
	    (O->verdict == HA_V_SPLIT_BRAIN ||
	     (primary && (O->verdict == HA_V_REFUSE ||
			  O->verdict == HA_V_BLOCKED))))
		return NULL;
	return "no way back: without faults it ends neither in sync nor in a report";
}
