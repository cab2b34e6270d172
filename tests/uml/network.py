"""Networks that misbehave, on a pair in one kernel; the replicas come out equal.

    network.py [--seed N] [--rounds N] [--jitter SECONDS] [CASE]...

Loss, duplication, reordering, corruption, cuts in one direction, connections reset at
any byte, a peer whose disk hangs, a link with jitter that is no lost link.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import random
import signal
import time

import blackout_site
import guest
import power
from cluster import NET, NotReached, wait

DETECTED = 3 + 1 + 6            # s: timeout, ping-interval, and a busy machine
KO_COUNT = 3
RESETTER = f"python3 {guest.CHECKOUT}/tests/uml/resetter.py"
RESETS = 6                      # of these, in a round
MESSAGES = {"HELLO": 1, "AUTH": 2, "READY": 4, "SNAPSHOT": 5, "VERDICT": 6, "COMMIT": 7,
            "PING": 8, "PONG": 9, "STATE": 10, "WRITE": 32, "FLUSH": 33, "READ": 34,
            "ACK": 35, "READ_DATA": 36, "BITMAP": 48, "BITMAP_END": 49,
            "RESYNC_REQUEST": 50, "RESYNC_DATA": 51, "RESYNC_ACK": 52, "DIGEST": 53,
            "DIGEST_ANSWER": 54, "RESYNC_END": 55, "RESYNC_END_ANSWER": 56,
            "LOSE_SLOT": 64, "LOSE_SLOT_ANSWER": 65}


class Network(blackout_site.Site):
    """Each method in CASES is a case."""

    jitter_seconds = 20

    def options(self):
        return {"net": {**NET, "ko-count": KO_COUNT}}

    def shape(self, ends, words):
        """What these ends send meets this fate."""
        print(f"     {' and '.join(end.name for end in ends)}: {words}", flush=True)
        for end in ends:
            end.run(f"tc qdisc replace dev v root netem {words}")

    def heal(self):
        for end in self.c:
            end.join()

    def finish(self, writer):
        self.heal()
        self.c.wait_connected(timeout=90)
        writer.wait_more(5, timeout=90)
        writer.stop()
        self.enter(writer)
        self.settle()

    def lossy(self):
        """Loss, duplication and disorder cost time, nothing else."""
        one, _ = self.begin()
        writer = self.load(one)
        for _ in range(3):
            percent = self.chance.choice((1, 5, 10, 30))
            self.shape(self.chance.choice(([self.c[0]], [self.c[1]], self.c.nodes)),
                       self.chance.choice((f"loss {percent}%",
                                           f"delay 2ms duplicate {percent}%",
                                           f"delay 5ms reorder {percent}% 50%",
                                           f"delay 10ms 9ms loss {percent // 2}%")))
            self.pause(3)
        self.finish(writer)

    def corrupt(self):
        """Bits flip on the wire: checksums of TCP or ours stop them."""
        one, _ = self.begin()
        writer = self.load(one)
        self.shape(self.c.nodes, f"corrupt {self.chance.choice((1, 5, 20))}%")
        self.pause(6)
        self.finish(writer)

    def one_way(self):
        """Nothing arrives in one direction: both ends notice within the time."""
        one, _ = self.begin()
        writer = self.load(one)
        deaf = self.chance.choice(self.c.nodes)
        started = time.monotonic()
        deaf.cut()
        for end in self.c:
            wait(lambda: end.connection() != "Connected", 60, "the loss is noticed")
        took = time.monotonic() - started
        assert took < 3 * DETECTED, f"noticed after {took:.0f} s"
        writer.wait_more(5)
        self.finish(writer)

    def reset(self):
        """The connection is reset at a message of some type, whoever sends it."""
        one, two = self.begin()
        writer = self.load(one)
        # so that a RST is right behind its message, and nothing else has come
        self.shape(self.c.nodes, "delay 20ms")
        for name in self.chance.sample(list(MESSAGES), RESETS):
            self.reset_at(name, one, two, writer)
            self.c.wait_connected(timeout=90)
            self.c.wait_in_sync()
        self.finish(writer)

    def reset_at(self, name, one, two, writer):
        resetters = [end.start(f"exec {RESETTER} v {MESSAGES[name]}") for end in self.c]
        for resetter in resetters:
            resetter.wait_line(1)
        before = self.sessions_ended()
        fired = self.provoke(resetters, one, two, writer)
        print(f"     reset at {name}: {fired}", flush=True)
        if fired != "not seen":
            try:
                wait(lambda: self.sessions_ended() != before, 10)
            except NotReached:          # more data was faster than the RST
                print("     the receiver did not take it", flush=True)
        for resetter in resetters:
            resetter.signal(signal.SIGKILL)

    def provoke(self, resetters, one, two, writer):
        """Do what sends messages until one of the type was seen."""
        for action in (None, "disconnect", "invalidate", "detach"):
            if action == "disconnect":
                two.hadm("disconnect", "r0")
                writer.wait_more(5)
                for end in self.c:
                    end.hadm("connect", "r0", check=False)
            elif action == "invalidate":
                two.hadm("invalidate", "r0", check=False)
            elif action == "detach":
                one.hadm("detach", "r0", check=False)
                writer.wait_more(5)
                one.hadm("attach", "r0", check=False, timeout=60)
            for _ in range(15):
                if any("reset" in resetter.lines for resetter in resetters):
                    return action or "load"
                time.sleep(0.1)
        return "not seen"

    def hanging_disk(self):
        """The peer answers pings, its disk nothing: given up, and commands return."""
        one, two = self.begin()
        writer = self.load(one)
        number = self.disks(two)
        self.power.hang(number, True)
        started = time.monotonic()
        for verb in ("status", "role", "cstate", "dstate"):
            for end in self.c:
                end.hadm(verb, "r0", timeout=10)
        wait(lambda: one.connection() != "Connected", 120, "the peer is given up")
        took = time.monotonic() - started
        writer.wait_more(5)
        print(f"     given up after {took:.0f} s", flush=True)
        self.power.hang(number, False)
        self.finish(writer)

    def jitter(self):
        """Full load, 20 ms of jitter: slow, and one session from start to end."""
        one, _ = self.begin()
        writer = self.load(one)
        before = self.sessions_ended()
        self.shape(self.c.nodes, "delay 20ms 20ms")
        end = time.monotonic() + self.jitter_seconds
        while time.monotonic() < end:
            writer.wait_more(20, timeout=60)
        after = self.sessions_ended()
        assert after == before, f"the link flaps: {after}"
        self.finish(writer)

    def clock(self):
        """The clock jumps by hours, both ways: nothing happens."""
        one, _ = self.begin()
        writer = self.load(one)
        before = self.sessions_ended()
        now = time.clock_gettime(time.CLOCK_REALTIME)
        for hours in (5, -30, 1000, 0):
            time.clock_settime(time.CLOCK_REALTIME, now + hours * 3600)
            writer.wait_more(20)
            self.pause(4)
        after = self.sessions_ended()
        assert after == before, f"the clock ended a session: {after}"
        self.finish(writer)

    def sessions_ended(self):
        return self.kernel.run("dmesg | grep 'session ended'", check=False).out


CASES = ["lossy", "corrupt", "one_way", "reset", "hanging_disk", "jitter", "clock"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jitter", type=int, default=20)
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    print(f"     seed {args.seed}", flush=True)
    rounds = power.Rounds(args.seed, Network)
    rounds.site.jitter_seconds = args.jitter
    rounds.attempt("create", rounds.again, "")
    for number in range(args.rounds):
        for name in args.cases or CASES:
            rounds.round(name, args.seed + number)
    rounds.finish()


if __name__ == "__main__":
    main()
