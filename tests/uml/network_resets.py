"""A TCP connection reset at each type of message, whichever end sends it.

For each type a way to provoke it: a generator that prepares the pair, yields, and then
does what makes its first end ("one") or the other ("two") send it. A reset counts when
the kernel that got the RST says that it lost the connection.
"""
# SPDX-License-Identifier: GPL-2.0-only
import re
import signal
import time

import guest            # first: it says where the modules of tests/vm are
import ledger
from cluster import NotReached, wait

RESETTER = f"python3 {guest.CHECKOUT}/tests/uml/resetter.py"
NUMBERS = {"HELLO": 1, "AUTH": 2, "REFUSED": 3, "READY": 4, "SNAPSHOT": 5, "VERDICT": 6,
           "COMMIT": 7, "PING": 8, "PONG": 9, "STATE": 10, "PROMOTE": 12,
           "PROMOTE_ANSWER": 13, "SKIP_SYNC": 14, "SKIP_SYNC_ANSWER": 15,
           "RESYNC_CONTROL": 16, "WRITE": 32, "FLUSH": 33, "READ": 34, "ACK": 35,
           "READ_DATA": 36, "BITMAP": 48, "BITMAP_END": 49, "RESYNC_REQUEST": 50,
           "RESYNC_DATA": 51, "RESYNC_ACK": 52, "DIGEST": 53, "DIGEST_ANSWER": 54,
           "RESYNC_END": 55, "RESYNC_END_ANSWER": 56, "LOSE_SLOT": 64,
           "LOSE_SLOT_ANSWER": 65}
NOT_SENT = {"BYE"}              # understood, see protocol.rst
# type -> the way, and which of its ends sends it
WAYS = {"HELLO": ("meet", 0), "AUTH": ("meet", 0), "REFUSED": ("stranger", 0),
        "READY": ("meet", 0), "SNAPSHOT": ("meet", 0), "VERDICT": ("serving", 0),
        "COMMIT": ("meet", 0), "STATE": ("meet", 0), "PING": ("idle", 0),
        "PONG": ("idle", 1), "PROMOTE": ("promote", 0), "PROMOTE_ANSWER": ("promote", 1),
        "SKIP_SYNC": ("skip", 0), "SKIP_SYNC_ANSWER": ("skip", 1),
        "RESYNC_CONTROL": ("order", 0), "WRITE": ("write", 0), "FLUSH": ("write", 0),
        "ACK": ("write", 1), "READ": ("diskless", 0), "READ_DATA": ("diskless", 1),
        "BITMAP": ("resync", 1), "BITMAP_END": ("resync", 1), "RESYNC_DATA": ("resync", 0),
        "RESYNC_ACK": ("resync", 1), "RESYNC_END": ("resync", 0),
        "RESYNC_END_ANSWER": ("resync", 1), "RESYNC_REQUEST": ("driven", 0),
        "DIGEST": ("crash", 1), "DIGEST_ANSWER": ("crash", 0), "LOSE_SLOT": ("lose", 0),
        "LOSE_SLOT_ANSWER": ("lose", 1)}
assert NUMBERS.keys() == WAYS.keys()
ONLY_ACCEPTOR = {"REFUSED"}     # node1 listens, and is the first to look
LOST = re.compile(r"(session ended|no session with \S+|connection from \S+ dropped|"
                  r"cannot connect\S*).*(reset|closed|broken)")
# The one who gets it has read it before the RST: the connection ends there anyway.
LAST = {"REFUSED": re.compile("peer refused")}
TRIES = 4
PATIENCE = 30                   # s, on a busy machine


class Resets:
    """Mixed into the cases of network.py."""

    every_sender = False            # else one of them, by chance
    types = None                    # only these

    def reset(self):
        """At each type of message, sent by either end: a new session, nothing is lost."""
        table = {name: {} for name in self.types or WAYS}
        for name in self.chance.sample(list(table), len(table)):
            senders = [0] if name in ONLY_ACCEPTOR else [0, 1]
            if not self.every_sender:
                senders = [self.chance.choice(senders)]
            for sender in senders:
                tries = table[name][sender] = self.reset_at(name, sender)
                print(f"     reset at {name} of node{sender + 1}: " +
                      (f"try {tries}" if tries else "NEVER"), flush=True)
        never = [name for name, found in table.items() if not all(found.values())]
        assert not never, f"never reset at {', '.join(never)}"
        total = sum(len(found) for found in table.values())
        return f"{total} resets at {len(table)} types; not sent: {', '.join(NOT_SENT)}"

    def reset_at(self, name, sender):
        """The try that went well; 0 when none did."""
        way, place = WAYS[name]
        ends = self.c.nodes if sender == place else self.c.nodes[::-1]
        for number in range(1, TRIES + 1):
            if self.reset_once(name, self.c[sender], getattr(self, "way_" + way)(*ends)):
                return number
        return 0

    def reset_once(self, name, sender, way):
        """Provoke it once; was the connection lost by the reset? Then all is well again."""
        self.begin()
        self.entered = []
        next(way)
        before = len(self.said())
        resetter = sender.start(f"exec {RESETTER} v {NUMBERS[name]}")
        resetter.wait_line(1)
        # so that a RST is right behind its message, and nothing else has come
        for end in self.c:
            end.run("tc qdisc replace dev v root netem delay 20ms")
        for _ in way:
            pass
        fired = self.soon(lambda: "reset" in resetter.lines, PATIENCE)
        lost = LAST.get(name, LOST)
        took = fired and self.soon(lambda: lost.search("\n".join(self.said()[before:])),
                                   PATIENCE)
        if WAYS[name][0] == "serving":
            self.goes_on()
        if not took:
            print(f"     {name}: {'not taken' if fired else 'not seen'}", flush=True)
        resetter.signal(signal.SIGKILL)
        self.after_reset()
        return took

    def goes_on(self):
        """The handshake has failed, and there is no other: the load goes on alone."""
        self.c.cut()
        for writer in self.writers:
            writer.wait_more(5, timeout=60)

    def soon(self, condition, seconds):
        try:
            return wait(condition, seconds)
        except NotReached:
            return None

    def said(self):
        return [line for line in self.kernel.run("dmesg", check=False).out.splitlines()
                if "ha: r0" in line]

    def after_reset(self):
        """Whatever came of it: one good session, all data there, both Secondary."""
        self.heal()
        self.slow_resync(False)
        for end in self.c:
            self.peer_options(end, "--ping-interval", "1s", "--connect-interval", "1s")
            end.hadm("attach", "r0", check=False, timeout=60)
            end.hadm("connect", "r0", check=False)
        self.c.wait_connected(timeout=90)
        if not any(end.disk_state() == "UpToDate" for end in self.c):
            self.c[0].hadm("skip-initial-sync", "r0")
        for writer in self.writers:
            if writer.job.running():
                writer.wait_more(2, timeout=90)
                writer.stop()
            if writer not in self.entered:
                self.enter(writer)
        self.settle()

    # -- ways to make an end send something: prepare, yield, do it

    def apart(self):
        for end in self.c:
            end.hadm("disconnect", "r0")

    def together_again(self):
        for end in self.c:
            end.hadm("connect", "r0")

    def way_meet(self, *_):
        self.apart()
        yield
        self.together_again()

    def peer_options(self, end, *words, secret="s3cret"):
        end.run(["hasetup", "peer-options", "r0", str(1 - self.number[end.name]),
                 "--secret-file", "-", *words], stdin=secret + "\n")

    def way_serving(self, one, _):
        """One is Primary, and writes alone; the next try would come late."""
        self.load(one)
        self.apart()
        for end in self.c:
            self.peer_options(end, "--connect-interval", "8s")
        yield
        self.together_again()

    def way_stranger(self, _, two):
        """The initiator has another secret."""
        self.apart()
        self.peer_options(two, secret="another")
        yield
        self.together_again()

    def way_idle(self, _, two):
        self.peer_options(two, "--ping-interval", "60s")
        yield

    def way_promote(self, one, _):
        yield
        one.hadm("primary", "r0", check=False)

    def way_skip(self, one, _):
        self.unmake()
        self.c.create()
        self.c.up()
        self.c.wait_connected()
        self.book = ledger.Ledger(self.content(self.c[0]))
        yield
        one.hadm("skip-initial-sync", "r0", check=False)

    def way_order(self, one, _):
        yield
        one.hadm("invalidate-remote", "r0", check=False)

    def way_write(self, one, _):
        self.load(one)
        yield

    def way_diskless(self, one, _):
        one.hadm("primary", "r0")
        one.hadm("detach", "r0")
        yield
        one.run(["dd", f"if={one.device()}", "of=/dev/null", "bs=64k", "count=8",
                 "iflag=direct", "status=none"], check=False)

    def way_resync(self, _, two):
        """Both send bits, as two still has its own from what began before."""
        self.slow_resync(True)
        two.hadm("invalidate", "r0")
        wait(lambda: two.peer().get("replication") == "SyncTarget", 20, "a resync")
        self.apart()
        yield
        self.slow_resync(False)
        self.together_again()

    def way_driven(self, one, _):
        """A target that becomes Primary asks for what it lacks."""
        self.slow_resync(True)
        one.hadm("invalidate", "r0")
        wait(lambda: one.peer().get("replication") == "SyncTarget", 20, "a resync")
        yield
        one.hadm("primary", "r0", check=False)

    def way_crash(self, one, _):
        """A Primary that crashed has blocks that may differ; the other has the data."""
        writer = self.load(one)
        reports, together = self.cut(one)
        self.enter(writer, reports, flushed=not together)
        self.entered.append(writer)
        self.come_back(one)
        yield
        one.hadm("up", "r0", timeout=60)

    def way_lose(self, one, _):
        self.load(one)
        yield
        one.hadm("detach", "r0", check=False)
