"""Faults seeded into the rules of the core, each a change of one file.

name, file, text, what stands there instead, settings that catch it.  The text must be
there exactly once.  None: not noticed, because another rule stands behind it, which
EXTRA takes away too where the pair is worth it, or because what is expected of the
module does.
"""
# SPDX-License-Identifier: GPL-2.0-only

THREE, TWO, FIVE = "nodes=3", "nodes=2", "nodes=5"
DEVICE = "nodes=2 device=1"
DOG = "nodes=3 watchdog=1 fence=0"
DOGDEVICE = "nodes=2 device=1 watchdog=1 fence=0"
STEADY = "nodes=3 steady=1 only=d"

MUTANTS = [
    # views
    ("rings of CPG and quorum not compared", "view.c",
     "	return core->have_ring && core->have_quorum &&\n"
     "	       core->ring.node == core->quorum_ring.node &&\n"
     "	       core->ring.seq == core->quorum_ring.seq;",
     "	return core->have_ring && core->have_quorum;", DOG),
    ("messages of another ring and session accepted", "view.c",
     "	if (core->have_ring && msg.sid.ring.node == core->ring.node &&\n"
     "	    msg.sid.ring.seq == core->ring.seq)",
     "	if (core->have_ring)", None),
    ("a HELLO does not end the session", "view.c",
     "	if (core->phase > PHASE_HELLO) {\n		session_over(core, now);",
     "	if (core->phase > PHASE_HELLO && from == ME(core)) {\n		session_over(core, now);",
     THREE),
    ("HELLO tells of committed entries only", "view.c",
     "core->has_next && core->pending.written ?\n				     &core->next : &core->db;",
     "&core->db;", THREE),
    ("HELLO while a write is under way", "view.c",
     " && core->probed &&\n	    core_log_idle(core))", " && core->probed)", THREE),
    ("HELLO before the probes", "view.c", "!core->left && core->probed &&",
     "!core->left &&", None),
    ("HELLO without operations under way", "view.c", "	msg.table = core->mine;",
     "	msg.table = core->mine;\n	msg.table.nr_orders = 0;", THREE),
    ("SYNC of any HELLOs", "sync.c",
     "if (!peer->hello || peer->h.seq != msg->listed[i].seq ||\n"
     "		    peer->h.incarnation != msg->listed[i].incarnation)",
     "if (!peer->h.seq)", "nodes=3 rough=1"),
    ("the longest log wins, not the highest term", "db.c",
     "	if (!order)\n		order = compare(a->term, b->term);\n", "", "explore nodes=3 faults=1 warm=1"),
    ("no new term", "sync.c", "	s->term++;\n", "	s->term = 7;\n", "explore nodes=3 faults=1 warm=1"),
    ("READY of one is enough", "sync.c", "	if (s->ready != s->members)",
     "	if (!s->ready)", THREE),
    ("READY before the snapshot is on disk", "log.c",
     "	core_disk_write(core, out, &core->disk.adopt, CORE_WRITE_SNAPSHOT, &core->next, NULL);",
     "	core_disk_write(core, out, &core->disk.adopt, CORE_WRITE_SNAPSHOT, &core->next, NULL);\n"
     "	{\n		struct core_msg msg = { .type = CORE_MSG_READY, .at = core->next.at };\n\n"
     "		core_send(core, out, &msg);\n	}", None),
    ("what the loser had is not kept", "sync.c",
     "if (core->db.user.rev && !core_db_contains(&core->next, &core->db.user)) {",
     "if (0) {", THREE),
    # the log
    ("one acknowledgement is enough", "log.c",
     "core->pending.acks == core->session.members && core->pending.written",
     "core->pending.acks && core->pending.written", THREE),
    ("acknowledged before it is on disk", "log.c",
     "	if (!core->hello_sent && core_log_idle(core))\n		write_entry(core, &msg->entry, out);",
     "	if (!core->hello_sent && core_log_idle(core)) {\n"
     "		struct core_msg ack = { .type = CORE_MSG_ACK };\n\n"
     "		ack.at = core->next.at;\n		core_send(core, out, &ack);\n"
     "		core->pending.written = true;\n"
     "		write_entry(core, &msg->entry, out);\n	}", TWO),
    ("a failed write counts as done", "log.c", "	if (ok) {\n		written",
     "	if (ok || id) {\n		written", THREE),
    ("not repaired after a failed write", "log.c", "	d->bad = true;", "	d->bad = false;", THREE),
    ("written after HELLO was said", "log.c",
     "	if (!core->hello_sent && core_log_idle(core))\n		write",
     "	if (core_log_idle(core))\n		write", "nodes=2 rough=1"),
    ("the condition of a wish is not asked", "rules.c",
     "	if (base && base != core->db.user.rev)\n		return false;\n", "", THREE),
    # who may write
    ("quorate is enough to write", "rules.c",
     "	return core->session.quorate && entitled_among(core, core->db.nodes, proof) &&\n"
     "	       entitled_among(core, core->db.old_nodes, proof);",
     "	(void)proof;\n	return core->session.quorate && entitled_among;", THREE),
    ("quorate is enough to write, of two", "rules.c",
     "	return core->session.quorate && entitled_among(core, core->db.nodes, proof) &&\n"
     "	       entitled_among(core, core->db.old_nodes, proof);",
     "	(void)proof;\n	return core->session.quorate && entitled_among;", TWO),
    ("one of two without proof", "rules.c",
     "	return proof && proof[other - 1].how && proof[other - 1].boot == away->boot &&\n"
     "	       proof[other - 1].how != CORE_HOW_WATCHDOG;",
     "	return proof || other;", TWO),
    ("one of two after a boot", "rules.c", " || me->boot != hello->boot ||", " ||", TWO),
    ("one of two that has not seen the view committed", "rules.c",
     "!(hello->flags & CORE_HELLO_KNOWN) || ", "", "nodes=2 rough=1"),
    ("one of two that was not in the last view", "rules.c",
     "	if (!(core->db.group & NODE_BIT(node)))\n		return false;\n", "", None),
    ("a watchdog is proof for writing", "rules.c",
     " &&\n	       proof[other - 1].how != CORE_HOW_WATCHDOG;", ";", "nodes=2 watchdog=1 fence=0 rough=1"),
    ("a device's vote is enough", "rules.c", "		return hello->flags & CORE_HELLO_CONTINUOUS &&",
     "		return hello->flags &&", DEVICE),
    ("a device has chosen though the ring is whole", "rules.c",
     " &&\n		       !(core->quorum_nodes & NODE_BIT(other));", ";", DEVICE),
    ("goodbye without a durable promise", "local.c", "		if (!core->parted) {",
     "		if (0) {", None),
    # proofs
    ("a proof is not bound to a boot", "db.c",
     "if (!proof[i].how || node->status != CORE_IN ||\n		    node->boot != proof[i].boot)",
     "if (!proof[i].how || node->status != CORE_IN)", THREE),
    ("a proof outlives a HELLO", "sync.c",
     "	if (core->proof[from - 1].how != CORE_HOW_FENCED)",
     "	if (!core->proof[from - 1].how)", DOG),
    ("fencing is believed before it is done", "proof.c",
     "	f->boot = core->db.node[node - 1].boot;\n",
     "	f->boot = core->db.node[node - 1].boot;\n"
     "	core->proof[node - 1].how = CORE_HOW_FENCED;\n"
     "	core->proof[node - 1].boot = f->boot;\n	core->dirty = true;\n", THREE),
    ("failed fencing is believed", "proof.c", "		if (!ok) {", "		if (!ok && !id) {", THREE),
    ("a lease is promised without a watchdog", "proof.c",
     "	return core->shape.lease_ms ? core->guarded : 0;",
     "	return core->shape.lease_ms;", DOG),
    ("a shorter lease is not begun at once", "proof.c",
     "	if (until > now + lease)\n		until = now + lease;\n", "", DOG),
    ("a longer lease is kept to before the others know it", "proof.c",
     "	return !old || (next && next < old) ? next : old;",
     "	return next ? next : old;", None),
    ("a longer lease is kept to although the next is shorter", "proof.c",
     "	return !old || (next && next < old) ? next : old;",
     "	return old ? old : next;", None),
    ("disarmed before the others know it", "proof.c",
     "	return core->phase == PHASE_ACTIVE && !promised(core);",
     "	return core->phase >= PHASE_SYNC && !core->peer[ME(core) - 1].h.lease;", DOG),
    ("disarmed while something runs", "proof.c",
     "(core->phase <= PHASE_HELLO && !core_local_active(core))", "core->phase <= PHASE_HELLO",
     DOG),
    ("who leaves waits for what hangs", "local.c",
     "	if (lost == UNDO_RESET)\n		return lost;\n	if (core->leaving)",
     "	if (core->leaving)", "nodes=3 loss=stop"),
    ("the lease is not waited for", "proof.c",
     "	return core->changed + lease + core->params.margin_ms +",
     "	return core->changed + lease / 2 +", DOG),
    ("the lease is waited for from the first loss", "proof.c",
     "	return core->changed + lease + core->params.margin_ms +",
     "	return core->away[node - 1] + lease / 3 + core->params.margin_ms +", DOG),
    ("a device's lag is not waited for", "proof.c",
     "(core->shape.device ? core->shape.lag_ms : 0)", "0", DOG + " device=1"),
    ("the lease is renewed without the ring", "proof.c",
     "	core->ping_next = now + kept_lease(core) / 4;\n",
     "	core->ping_next = now + kept_lease(core) / 4;\n"
     "	core->lease_until = now + core->shape.lease_ms;\n"
     "	core_act(out, CORE_ACT_LEASE)->at = core->lease_until;\n", DOG),
    ("the lease is renewed without quorum", "rules.c",
     "	if (!core->session.quorate || !core->quorum_yes ||\n	    !(core->session.members & MY_BIT(core)))\n		return false;\n",
     "", DOG),
    ("started without a lease", "local.c",
     " &&\n	       (!core->db.node[ME(core) - 1].lease || core->lease_until > now);",
     " &&\n	       now >= 0;", None),
    # services
    ("an owner that is away is forgotten", "rules.c",
     "	return unit->requires == CORE_REQUIRES_QUORUM ||", "	return true ||", THREE),
    ("an owner that is here is not asked", "rules.c",
     "		return owner->node != node && rule_inactive(core, owner->node, unit);",
     "		return owner->node != node;", None),
    ("who was replaced is not waited for", "rules.c",
     " &&\n	       nobody_else_active(core, unit, order->node);", ";",
     "nodes=3 watchdog=1 fence=0 device=1"),
    ("orders without ownership", "rules.c",
     "	return rule_owns(&core->db, order->unit, order->node) &&\n	       !rule_excluded",
     "	return !rule_excluded", "nodes=3 wild=1 seconds=60"),
    ("orders while a claim is pending", "rules.c",
     "	if (core->pending.on && core->pending.kind == CORE_ENTRY_CLAIM)\n		return false;\n",
     "", None),
    ("orders taken after HELLO was said", "local.c",
     "	if (core->hello_sent)\n		return false;\n", "", None),
    ("owner by node, not by boot", "rules.c",
     " && owner->boot == db->node[node - 1].boot;", ";", THREE),
    ("no stop without quorum", "local.c",
     "	lost = quorum_lost(core, now) ? on_loss(core, unit, now) : UNDO_NOTHING;",
     "	lost = UNDO_NOTHING;", THREE),
    ("what stands on a device is not waited for", "local.c",
     " && !covered(core, unit, now))", ")", "nodes=3 loss=stop"),
    ("undone before all is probed", "local.c", "core->probed && i < core->shape.count",
     "i < core->shape.count", "nodes=3 rough=1 loss=stop"),
    ("freeze stops", "local.c", "	default:\n		return UNDO_NOTHING;",
     "	default:\n		return UNDO_STOP;", "nodes=3 loss=freeze"),
    ("demote demotes nothing", "local.c", "UNDO_RESET : UNDO_DEMOTE;",
     "UNDO_RESET : UNDO_NOTHING;", "nodes=3 loss=demote"),
    ("reset although demoted", "local.c", "late && unit_left(core, unit, true) ?", "late ?",
     "nodes=3 loss=demote"),
    ("suicide lives", "local.c", "	case CORE_LOSS_SUICIDE:\n		return UNDO_RESET;",
     "	case CORE_LOSS_SUICIDE:\n		return UNDO_NOTHING;", "nodes=3 loss=suicide"),
    ("what hangs without quorum is waited for", "local.c", "bool late = core->shape.stop_ms &&",
     "bool late = 0 &&", "nodes=3 loss=stop"),
    ("services of a restarting daemon are taken", "rules.c",
     "		return core->away[node - 1] + core->params.rejoin_ms;", "		return 0;", STEADY),
    ("a daemon that leaves stops nothing", "local.c",
     "	if (core->leaving)\n		return UNDO_STOP;\n", "", THREE),
    # the device
    ("an excluded node may claim", "rules.c",
     "	    rule_excluded(core, unit->device, node) || !nobody",
     "	    !nobody", None),
    ("storage is taken without exclusion", "rules.c",
     "(unit->requires == CORE_REQUIRES_STORAGE && exclusion)",
     "(unit->requires == CORE_REQUIRES_STORAGE)", None),
    ("fenced is answered without exclusion", "ask.c",
     "		} else {\n			propose(core, ask, out);",
     "		} else if (core->db.node[ask->peer - 1].status == CORE_OUT) {\n"
     "			tell(core, ask->device, ask->peer, true, out);\n"
     "			drop(core, ask);\n			i--;\n"
     "		} else {\n			propose(core, ask, out);", THREE),
    ("answered before the exclusion is committed", "ask.c",
     "	else if (core_log_propose(core, entry, 0, out))\n		ask->proposal = core->proposing;",
     "	else if (core_log_propose(core, entry, 0, out)) {\n"
     "		ask->proposal = core->proposing;\n"
     "		if (!ask->include)\n"
     "			tell(core, ask->device, ask->peer, true, out);\n	}", THREE),
    ("excluded by who is not owner", "rules.c",
     "	       e->node != from && rule_owns(&core->db, unit->name, from) &&",
     "	       e->node != from &&", None),
    ("in sync, then lost: included all the same", "ask.c",
     "		if (ask->include && find(core, ask->device, ask->peer, false)) {",
     "		if (0) {", None),
    ("the question does not wait for an inclusion under way", "ask.c",
     "	if (ask && !ask->proposal)\n		drop(core, ask);", "	drop(core, ask);", None),
]

# further changes of the same mutant: name, list of (file, text, instead)
EXTRA = {
    "messages of another ring and session accepted": [
        ("view.c", " &&\n	       msg->sid.node == core->session.sid.node &&\n"
         "	       msg->sid.seq == core->session.sid.seq;", ";")],
    "orders without ownership": [
        ("work.c", " &&\n			 !rule_owns(&core->db, want->unit, want->node))",
         " && now < 0)")],
    "excluded by who is not owner": [
        ("rules.c", " &&\n	       !rule_excluded(core, e->device, from);", ";")],
}
