"""Faults seeded into the rules, each a change of one file of the module.

name, file, text, what stands there instead, configuration that catches it.  None: not
caught alone, and REDUNDANT says why, or OPEN what was searched in vain; where another rule covers it, PAIRS has both.
The text must be there exactly once, so that a changed source makes the mutant fail
loudly.
"""
# SPDX-License-Identifier: GPL-2.0-only
from configs import TAKEOVER, TARGET, TRACE

FENCED = "writes=1 faults=1 cuts=1 max=60 maintain=0"
FREE = FENCED + " fence=0"
CRASH = "writes=1 faults=1 cuts=0 max=70"
TWO = "writes=2 faults=0 cuts=1 max=60 flushes=1 inject=0"
ALL = "writes=1 faults=1 cuts=1 maintain=0"
STRICT = "writes=1 faults=2 cuts=0 promotions=1 inject=0 strict=2 max=600"
LATE = "writes=2 faults=2 cuts=0 promotions=1 inject=0 maintain=0 demote=0"
MEANWHILE = "writes=0 faults=2 cuts=0 promotions=1 maintain=0 inject=0 invalidate=2"
DETACH = "writes=1 faults=1 cuts=0 maintain=0 detach=1"

MUTANTS = [
    # a write and what must be durable before it completes
    ("mint skipped", "request_end.c",
     "if (!req->missed || res->minted_epoch == res->epoch)",
     "if (req)", FENCED),
    ("minted in memory only", "mint.c",
     "err = ha_disk_update(d, mint_change, &args, true);",
     "err = 0;\n\tmint_change(&d->super, &args);", FENCED),
    ("a takeover on what is not stable", "answer.c",
     "err = err ?: ha_disk_update(d, lost_change, &args, true);",
     "err = err ?: ha_disk_update(d, lost_change, &args, false);", TAKEOVER),
    ("what was sent before the takeover counts", "request_end.c",
     "if (req->kind == HA_REQ_READ)\n\t\treturn false;\n\t/*",
     "if (req->kind == HA_REQ_READ || res->handed_over)\n\t\treturn false;\n\t/*",
     TAKEOVER),
    ("a disk that failed after its answer counts", "request_end.c",
     "READ_ONCE(req->disk->failed);", "!req->disk;", TAKEOVER),
    ("a mint on what is not stable", "mint.c",
     "err = ha_disk_update(d, mint_change, &args, true);",
     "err = ha_disk_update(d, mint_change, &args, false);",
     "writes=2 faults=1 cuts=1 maintain=0 max=900"),
    ("mint only where the base is empty", "request_end.c",
     "if (!req->missed || res->minted_epoch == res->epoch)",
     "if (!req->missed || res->minted_epoch == res->epoch ||\n"
     "\t    (req->disk && req->disk->super.lineage.slot[1 - res->node_id].base))", "walks=1 seed=118712 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    ("no mint for a flush", "request_end.c",
     "if (req->kind != HA_REQ_FLUSH || !req->disk)\n\t\treturn true;",
     "if (req->kind != HA_REQ_FLUSH || !req->disk)\n\t\treturn true;\n"
     "\tif (req->kind == HA_REQ_FLUSH)\n\t\treturn false;", "writes=1 faults=2 cuts=1 flushes=1 promotions=2 maintain=0 inject=0 demote=0"),
    ("a lost peer begins no lone period", "connection.c",
     "if (peer->disk_state >= HA_INCONSISTENT && res->role == HA_PRIMARY)\n\t\tres->epoch++;",
     ";", FENCED),
    ("a promotion alone begins no lone period", "role.c",
     "if (alone)\n\t\t\tres->epoch++;", ";", FREE),
    ("no bit for a write decided alone", "request.c",
     "if (req->sectors && req->disk)\n\t\tha_bitmap_set(req->disk, slot, req->sector, req->sectors);",
     ";", FENCED),
    ("no bit for a write by the short way", "lone.c",
     "if (res->peer[i])\n\t\t\tha_request_mark_missed(req, i);", ";",
     "writes=2 faults=0 cuts=1 blocks=2 maintain=0 inject=0"),
    ("the short way with a peer connected", "lone.c",
     "!res->dead && !anybody_connected(res) &&", "!res->dead &&",
     "writes=2 faults=1 cuts=1 maintain=0"),
    ("the short way without a mint", "lone.c",
     "res->minted_epoch == res->epoch &&", "",
     "writes=2 faults=1 cuts=2 maintain=0 inject=0 max=2000"),
    ("no bit when the connection is lost", "request_end.c",
     "ha_request_mark_missed(req, s->peer->node_id);\n\t\tlist_add_tail",
     "req->missed = true;\n\t\tlist_add_tail", FENCED),
    ("no intent before a write", "intent.c",
     "return find_next_zero_bit(it->durable, end, first) >= end;",
     "return it && end;", FENCED),
    ("intents are no bits at attach", "disk_open.c",
     "if (slot != d->super.node_id)\n\t\t\tha_bitmap_set(d, slot, sector, sectors);", ";", None),
    ("intents are bits only after a crash as Primary", "disk_open.c",
     "if (slot != d->super.node_id)",
     "if (slot != d->super.node_id && (d->super.lineage.flags & HA_MF_CRASHED_PRIMARY))", None),
    ("intents are neither bits nor marks at attach", "disk_open.c",
     "if (slot != d->super.node_id)\n\t\t\tha_bitmap_set(d, slot, sector, sectors);\n"
     "\t\tha_marks_note(d, slot, sector, sectors);", ";", FENCED),
    ("intents are no marks at attach", "disk_open.c",
     "ha_marks_note(d, slot, sector, sectors);", ";", None),
    ("intents cleared although in use", "intent.c",
     "if (it->use[r] || now", "if (now", CRASH),
    ("intents cleared with unstable marks", "maintenance.c",
     "if (ha_marks_stable(d, i, region))", "if (d)",
     "writes=1 faults=2 cuts=0 inject=0 demote=0 max=600"),
    ("intents cleared without bits on disk", "maintenance.c",
     "if (ha_disk_write_bitmaps(d))", "if (0)",
     "walks=40 seed=6600 force=0 detach=0"),
    ("a write is noted before the flush it waits for", "marks.c",
     "u32 number = atomic_read(&m->next[slot]);",
     "u32 number = atomic_read(&m->next[slot]) - 1;", "walks=2000 seed=1951 force=0 detach=0"),
    ("the peer's writes leave no mark", "request_end.c",
     "ha_marks_note(req->disk, slot, req->sector, req->sectors);", ";", FENCED),
    ("own writes leave no mark", "local_io.c",
     "ha_marks_note(d, own, req->sector, req->sectors);", ";", None),
    ("a Primary that is a target needs nothing stable", "request.c",
     "|| !req->local_good)", "|| req->local == HA_PART_NONE)", TARGET),
    ("a flush is not sent to the peer", "request.c",
     "if (!ha_peer_takes_writes(peer)) {",
     "if (req->kind == HA_REQ_FLUSH)\n\t\t\tcontinue;\n"
     "\t\tif (!ha_peer_takes_writes(peer)) {", "writes=1 faults=2 cuts=0 flushes=1 promotions=2 maintain=0 inject=0 demote=0"),
    ("intents count only after a crash as Primary", "disk_open.c",
     "d->had_intents = it->set_count;",
     "if (!(d->super.lineage.flags & HA_MF_CRASHED_PRIMARY))\n\t\treturn;\n"
     "\td->had_intents = it->set_count;", None),
    # handshake
    ("a source remembers when it commits", "snapshot.c",
     "	if (!err && ha_verdict_is_target(s->verdict.code))\n\t\tbecame",
     "	if (!err && ha_verdict_is_source(s->verdict.code))\n"
     "\t\tha_disk_remember(d, s->peer->node_id, s->theirs.instance);\n"
     "	if (!err && ha_verdict_is_target(s->verdict.code))\n\t\tbecame", None),
    ("a source commits with data in its cache only", "snapshot.c",
     "err = ha_local_flush(d, res->node_id);", "err = 0;", "walks=2000 seed=679 force=0 detach=0"),
    ("marks are forgotten when the peer restarted", "handshake.c",
     "d->suspect |= ha_marks_to_bits(d, s->peer->node_id) > 0;", ";", FENCED),
    ("marks stay with an unknown instance", "handshake.c",
     "if (!s->peer_instance ||\n\t    d->peer_instance",
     "if (d->peer_instance[s->peer->node_id] &&\n\t    d->peer_instance", None),
    ("a snapshot with writes in flight", "handshake.c",
     "err = drain(s);\n", "err = 0;\n", FENCED),
    ("the gate is open during the handshake", "handshake.c",
     "ha_gate_close(res, HA_GATE_HANDSHAKE);", ";", FENCED),
    ("a source does not remember at once", "handshake.c",
     "(ha_verdict_is_source(code) || code == HA_V_IN_SYNC))",
     "code == HA_V_IN_SYNC)", "walks=40 seed=3090 force=0 detach=0"),
    ("a target remembers at once", "handshake.c",
     "(ha_verdict_is_source(code) || code == HA_V_IN_SYNC))",
     "(ha_verdict_is_source(code) || ha_verdict_is_target(code) ||\n"
     "\t\t\t  code == HA_V_IN_SYNC))", None),
    ("the target is not Inconsistent on disk", "snapshot.c",
     "l->flags &= ~HA_MF_CONSISTENT;", ";", FENCED),
    ("base stays when in sync", "snapshot.c",
     "ha_lineage_clear_base(l, slot);\n", "", None),
    ("a commit of what is stale", "snapshot.c",
     "a->stale = is_stale(super, s);", "a->stale = false;", None),
    ("an invalidated copy is good until it is written", "claims.c",
     "	if (still)\n\t\tno_copy_now(res, d);", "	if (still)\n\t\t;",
     "writes=0 faults=0 cuts=0 promotions=1 maintain=0 inject=0 invalidate=2"),
    ("an invalidate goes on when its peer was lost", "claims.c",
     "still = ha_good_peer(res) == good;", "still = good;", None),
    ("alone stays when in sync", "snapshot.c",
     "l->slot[slot].flags &= ~HA_SLOT_ALONE;\n", "", "writes=1 faults=2 cuts=0 promotions=2 maintain=0 inject=0"),
    # the verdict
    ("bits do not count", "generation.c",
     "!has_bits(mine) && !has_bits(theirs) &&", "", CRASH),
    ("one good: no such row", "generation.c",
     "int source = only(good, peer_good);", "int source = 0;", FENCED),
    ("row Primary dropped", "generation.c",
     "{ HA_ROW_EQUAL_PRIMARY,\t\tby_role },", "", "writes=1 faults=1 cuts=1 promotions=2 fence=0 maintain=0 inject=0"),
    ("row alone dropped", "generation.c",
     "{ HA_ROW_EQUAL_ALONE,\t\tby_alone },", "", "walks=2000 seed=1596 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=1"),
    ("row stayed up dropped", "generation.c",
     "{ HA_ROW_EQUAL_STAYED_UP,\tby_uptime },", "", CRASH),
    ("row crashed dropped", "generation.c",
     "{ HA_ROW_EQUAL_CRASHED,\t\tby_crash },", "", None),
    ("row bits dropped", "generation.c",
     "{ HA_ROW_EQUAL_BITS,\t\tby_bits },", "", STRICT),
    ("crashed before stayed up", "generation.c",
     "{ HA_ROW_EQUAL_STAYED_UP,\tby_uptime },",
     "{ HA_ROW_EQUAL_CRASHED, by_crash }, { HA_ROW_EQUAL_STAYED_UP, by_uptime },", CRASH),
    ("stayed up: the one remembered", "generation.c",
     "(memory(s, peer) && !memory(peer, s));", "false;", None),
    ("a Primary on good data may be target", "generation.c",
     "if (is_served(to, from))", "if (0 && is_served(to, from))", "writes=1 faults=1 cuts=1 promotions=2 fence=0 maintain=0 inject=0"),
    ("bits reach only to the base", "ancestry.c",
     "for (i = 0; s->history[i].generation != base; i++)\n\t\tif (s->history[i].generation == generation)\n\t\t\treturn true;",
     "(void)i;", "walks=2000 seed=1244 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    ("the lower node id wins on one side only", "generation.c",
     "return only(a->node_id < b->node_id, b->node_id < a->node_id);",
     "return a && b ? 1 : 0;", "walks=2000 seed=169 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    # lineage
    ("a mint overwrites the base", "lineage.c",
     "i != node && !l->slot[i].base)", "i != node)", "writes=2 faults=1 cuts=0 promotions=2 maintain=0 inject=0"),
    ("the target does not take over the generation", "lineage.c",
     "l->current_gen = generation;\n}\n\nvoid ha_lineage_clear_base",
     "}\n\nvoid ha_lineage_clear_base", FENCED),
    ("a base that is cleared leaves the history", "lineage.c",
     "if (f->base != l->current_gen && !has(l->history, f->base))", "if (0)", None),
    # roles
    ("promoted alone, not noted", "role.c",
     "l->slot[i].flags |= HA_SLOT_ALONE;", ";", "walks=2000 seed=1596 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=1"),
    ("no crashed Primary", "role.c",
     "l->flags |= HA_MF_PRIMARY | HA_MF_CRASHED_PRIMARY;", "l->flags |= HA_MF_PRIMARY;", None),
    ("a promotion does not wait for late writes", "role.c",
     "f->draining = !f->connected && atomic_read(&peer->mirror_writes);",
     "f->draining = false;", "walks=2000 seed=332 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=1"),
    ("a demotion makes nothing stable", "role.c",
     "err = ha_stabilise(res, d);\n", "err = 0;\n", None),
    ("a demotion makes and writes nothing", "role.c",
     "err = ha_stabilise(res, d);\n\terr = err ?: ha_disk_update(d, demote_change, NULL, true);",
     "err = ha_disk_update(d, demote_change, NULL, false);", None),
    # resync
    ("a bit is cleared when the block is sent", "resync_chunk.c",
     "c->payload = ha_payload_alloc(len, true);",
     "ha_bitmap_clear(r->disk, r->s->peer->node_id, c->sector, c->sectors, c->token);\n"
     "\tc->payload = ha_payload_alloc(len, true);", "walks=2000 seed=1097 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    ("a bit is cleared though set in between", "bitmap.c",
     "if (stamps(b, first, count) != token)\n\t\tcount = 0;", "(void)token;", None),
    ("no range lock", "range.c",
     "if (o) {", "if (0) {", "walks=2000 seed=291 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    ("source: no mark for the target", "resync_chunk.c",
     "ha_marks_note(r->disk, slot, c->sector, c->sectors);", ";", ALL),
    ("source: no mark for itself", "resync_chunk.c",
     "ha_marks_note(r->disk, res->node_id, c->sector, c->sectors);", ";", None),
    ("target: no mark for itself", "resync_target.c",
     "ha_marks_note(r->disk, own, sector, sectors);", ";", None),
    ("target: no mark for the source", "resync_target.c",
     "ha_marks_note(r->disk, slot, sector, sectors);", ";", None),
    ("cleared bits go to disk unproved", "bitmap_io.c",
     "if (slot != d->super.node_id && add_unstable(d, slot, n)) {", "if (0) {", TRACE),
    ("bits are not united", "resync_bits.c",
     "ha_bitmap_or_words(r->disk, ha_resync_slot(r),\n\t\t\t\t   first + (u64)done * 64, n,\n"
     "\t\t\t\t   page_address(payload->page[i]));", ";", "walks=2000 seed=23 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"),
    ("only the slot of the peer is united", "resync_bits.c",
     "ha_bitmap_copy_words(r->disk, res->node_id, first, words, out);",
     "memset(out, 0, words * 8);", "walks=40 seed=1 force=0 detach=0 invalidate=1"),
    ("the source does not flush itself at the end", "resync_end.c",
     "err = err ?: ha_local_flush(r->disk, r->s->res->node_id);\n"
     "\terr = err ?: ha_disk_update(r->disk, source_change, r->s, true);",
     "err = err ?: ha_disk_update(r->disk, source_change, r->s, false);", None),
    ("the source does not flush the target at the end", "resync_end.c",
     "err = err ?: ha_peer_flush(r->s->peer);", ";", None),
    ("the target does not flush at the end", "resync_end.c",
     "err = ha_local_flush(r->disk, own);\n"
     "\terr = err ?: ha_disk_update(r->disk, target_change, a, true);",
     "err = ha_disk_update(r->disk, target_change, a, false);", None),
    ("the source keeps its claims", "resync_end.c",
     "err = err ?: ha_disk_update(r->disk, source_change, r->s, true);", ";", LATE),
    ("the source drops its claims late", "resync_end.c",
     "err = err ?: ha_disk_update(r->disk, source_change, r->s, true);\n\tif (!err) {",
     "if (!err)\n\t\terr = ha_disk_write_bitmaps(r->disk);\n\tif (!err) {", LATE),
    ("the source drops its base before the answer", "resync_end.c",
     "l->slot[s->peer->node_id].flags &= ~(HA_SLOT_ALONE | HA_SLOT_FULL);",
     "l->slot[s->peer->node_id].flags &= ~(HA_SLOT_ALONE | HA_SLOT_FULL);\n"
     "\tha_lineage_clear_base(l, s->peer->node_id);", ALL),
    ("the target ends in two writes, UpToDate first", "resync_end.c",
     "err = err ?: ha_disk_update(r->disk, target_change, a, true);",
     "err = err ?: ha_disk_update(r->disk, consistent_first, a, true);\n"
     "\terr = err ?: ha_disk_update(r->disk, target_change, a, true);", None),
    ("the target is UpToDate with bits left", "resync_end.c",
     "return -EBUSY;", ";", None),
    ("the end does not wait for chunks", "resync.c",
     "!r->inflight && !r->stopped &&", "!r->stopped &&", None),
    ("the source ends with bits left", "resync.c",
     "!r->inflight && !r->stopped &&\n"
     "\t      !ha_bitmap_weight(&r->disk->bitmap[ha_resync_slot(r)]);",
     "!r->inflight && !r->stopped;", ALL),
    # a disk that is detached in good order
    ("nothing is kept at a detach", "attach.c",
     "WRITE_ONCE(d->orderly, orderly);", ";", DETACH),
    ("what was kept is not forgotten at attach", "disk_open.c",
     "s->lineage.slot[slot].instance = 0;", ";", "walks=40 seed=615 force=0 detach=1 start=0"),
    ("a disk that rested is old under its Primary", "attach.c",
     "return d->kept && d->super.lineage.current_gen == res->exposed_gen;",
     "return d && !res;", DETACH),
    ("a disk that rested is old when just attached", "generation.c",
     "(!(s->flags & HA_SNAP_KEPT) || ha_ancestry_is_replaced(s, peer) ||",
     "(s || ha_ancestry_is_replaced(s, peer) ||", DETACH),
    ("COMMIT without the disk that was compared", "snapshot.c",
     "return s->mine.instance ? -ESTALE : 0;", "return 0;", "walks=40 seed=510111 force=0 detach=1"),
    ("a target without its disk is served", "resync.c",
     "peer->paused || peer->peer_paused || ha_resync_left(r->s);",
     "peer->paused || peer->peer_paused;", "walks=40 seed=520384 force=0 detach=1"),
    ("a late answer of a target that left", "resync_end.c",
     "	if (ha_resync_left(s))\n\t\treturn false;\n", "", "walks=40 seed=501460 force=0 detach=1"),
    # what random walks had found
    ("a blocked session outlives its Primary", "role.c",
     "if (s->verdict.code == HA_V_BLOCKED)", "if (0)", "walks=2000 seed=301 force=0 detach=0 start=0 blocks=1 flight=1 regions=1 fence=0"
     " demote=1 promotions=3 cuts=1 faults=1 flushes=0 maintain=0"),
    ("a target is UpToDate until it is Connected", "snapshot.c",
     "ha_set_disk_state(res, HA_INCONSISTENT);", ";", FENCED),
    ("a copy that is past stays good", "generation.c",
     "return v.code == HA_V_BLOCKED && ha_verdict_is_target(v.blocked_code) &&",
     "return false && v.code == HA_V_BLOCKED &&", "walks=40 seed=3560 detach=1 errors=1"),
    ("two Primaries are blocked", "generation.c",
     "if (is_primary(mine) && is_primary(theirs))\n\t\treturn refuse(row);",
     ";", "walks=2000 seed=193 force=0 detach=0"),
]

# Faults of what surrounds the module's code, by a switch of the program.
WORLD = [
    ("a handshake does not wait for late writes",
     "writes=2 faults=0 cuts=1 max=300 maintain=0 inject=0 no-drain=1"),
    ("a target commits before the source has",
     "writes=2 faults=1 cuts=1 max=500 maintain=0 hasty=1"),
]

# Text put in front of a mutated file.
EXTRA = {
    "the target ends in two writes, UpToDate first":
    ("static int become_uptodate(struct end_args *a)",
     "static bool consistent_first(struct ha_super *super, void *arg)\n{\n"
     "\t(void)arg;\n\tsuper->lineage.flags |= HA_MF_CONSISTENT;\n\treturn true;\n}\n\n"
     "static int become_uptodate(struct end_args *a)"),
}

# Not caught alone: the rule that covers it (PAIRS has both where it can be shown),
# or what it is there for besides the promises.
REDUNDANT = {
    "intents are no bits at attach":
        "the marks set there become bits in the next handshake",
    "intents are no marks at attach":
        "the bits set there; neither bits nor marks is caught",
    "intents are bits only after a crash as Primary":
        "the marks set there; a demotion leaves no intent that is not stable or a bit",
    "intents count only after a crash as Primary":
        "a demotion leaves no intent that is not stable or a bit",
    "a demotion makes nothing stable": "intents always count at attach",
    "a demotion makes and writes nothing": "intents always count at attach",
    "own writes leave no mark":
        "intents cover the own cache; marks name what a failed disk lacks more exactly",
    "marks stay with an unknown instance":
        "an instance is unknown after an attach only, which has set bits; a target's "
        "copy is not good before it remembers",
    "a target remembers at once": "a target is Inconsistent on disk until it remembers",
    "a source remembers when it commits":
        "the second half of stayed up: a target that has forgotten is older",
    "stayed up: the one remembered":
        "a source remembers when Connected, after the target has committed",
    "base stays when in sync":
        "an old base names more than it must; it counts when a disk is put back that is "
        "older than the bits, which is no event here",
    "a commit of what is stale":
        "an invalidate ends when its peer was lost, and is Inconsistent in all snapshots from "
        "then on",
    "an invalidate goes on when its peer was lost":
        "a commit of what is stale",
    "a base that is cleared leaves the history":
        "a mint puts it there; it counts when 32 generations have pushed it out",
    "row crashed dropped":
        "nothing is promised after two failures; a preference, as is the row of bits",
    "no crashed Primary": "as row crashed",
    "a bit is cleared though set in between":
        "the range lock: nothing else sets bits of a block that a chunk has",
    "source: no mark for itself":
        "what is in its own cache only has its intent set, and counts after a crash",
    "target: no mark for itself": "the target flushes before it is UpToDate",
    "target: no mark for the source":
        "the source flushes before the end, and has the intent of what it wrote",
    "the source does not flush itself at the end":
        "what is in its own cache only has its intent set, and counts after a crash",
    "the source does not flush the target at the end": "the target flushes itself",
    "the target does not flush at the end": "the source has it flushed before the end",
    "the target is UpToDate with bits left": "the source does not end with bits left",
    "the target ends in two writes, UpToDate first":
        "the source keeps its base until it is answered, so who comes back from between the "
        "two is target once more, by bitmap; a manager does not promote it, as the source is "
        "ahead.  Without a manager it is a split brain more, which is reported",
    "the end does not wait for chunks":
        "a block's bit stays until its chunk is answered, so no chunk is under way",
}

# Neither caught nor argued away: what was searched.
OPEN = {}

# Several at once: neither is caught alone, all together are.
PAIRS = [
    (["intents count only after a crash as Primary", "a demotion makes and writes nothing"],
     "writes=1 faults=2 cuts=0 maintain=0 inject=0"),
    (["stayed up: the one remembered", "a source remembers when it commits"], ALL),
    (["marks stay with an unknown instance", "intents are no bits at attach"], ALL),
    (["the target is UpToDate with bits left", "the source ends with bits left"], ALL),
    (["a commit of what is stale", "an invalidate goes on when its peer was lost"], MEANWHILE),
]

# Those that need more than two seconds: DEPTH=deep only.
DEEP_MUTANTS = {
    "row bits dropped",
    "alone stays when in sync", "the source ends with bits left",
    "source: no mark for the target", "stayed up: the one remembered",
    "a disk that rested is old under its Primary",
    "a disk that rested is old when just attached",
    "the source keeps its claims", "the source drops its claims late",
}
