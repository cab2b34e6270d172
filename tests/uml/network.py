"""Networks that misbehave, on a pair in one kernel; the replicas come out equal.

    network.py [--seed N] [--rounds N] [--jitter SECONDS] [--every-sender]
               [--type NAME]... [CASE]...
    network.py --mutants [NUMBER]...

Loss, duplication, reordering, corruption, cuts in one direction, connections reset at
each type of message, a peer whose disk hangs, a link with jitter that is no lost link.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import random
import time

import blackout_site
import network_resets
import power
import seeded
import tally
from cluster import NET, wait

DETECTED = 3 + 1 + 6            # s: timeout, ping-interval, and a busy machine
KO_COUNT = 3


class Network(network_resets.Resets, blackout_site.Site):
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
        """Nothing arrives in one direction: both ends notice, with and without a load."""
        said = []
        for deaf in self.c:
            one, _ = self.begin()
            writer = self.load(one)
            said.append(self.noticed(deaf))
            writer.wait_more(5)
            self.finish(writer)
            said.append(self.noticed(deaf))
            self.heal()
            self.settle()
        return "noticed after " + ", ".join(f"{took:.0f} s" for took in said)

    def noticed(self, deaf):
        """What this end sends does not arrive: seconds until neither is connected."""
        started = time.monotonic()
        deaf.cut()
        for end in self.c:
            wait(lambda: end.connection() != "Connected", 6 * DETECTED,
                 f"{end.name} notices that nothing of {deaf.name} arrives")
        took = time.monotonic() - started
        assert took < 3 * DETECTED, f"noticed after {took:.0f} s"
        return took

    def hanging_disk(self):
        """The peer answers pings, its disk nothing: given up, and commands return."""
        one, two = self.begin()
        writer = self.load(one)
        number = self.disks(two)
        self.power.hang(number, True)
        try:
            took = self.given_up(one)
            writer.wait_more(5)
        finally:                # or nothing of it can be taken down
            self.power.hang(number, False)
        print(f"     given up after {took:.0f} s", flush=True)
        self.finish(writer)

    def given_up(self, one):
        """Commands return meanwhile; seconds until it is let go, for its requests' age."""
        started, before = time.monotonic(), len(self.sessions_ended())
        for verb in ("status", "role", "cstate", "dstate"):
            for end in self.c:
                end.hadm(verb, "r0", timeout=10)
        wait(lambda: one.connection() != "Connected", 120, "the peer is given up")
        said = self.sessions_ended()[before:]
        assert "a request has not been answered" in said, f"given up for another reason: {said}"
        return time.monotonic() - started

    def jitter(self):
        """Load, 20 ms of jitter, loss: slow, and one session from start to end."""
        one, _ = self.begin()
        writer = self.load(one)
        before = self.sessions_ended()
        self.shape(self.c.nodes, "delay 20ms 20ms loss 1%")
        end = time.monotonic() + self.jitter_seconds
        while time.monotonic() < end:
            writer.wait_more(20, timeout=60)
        after = self.sessions_ended()
        assert after == before, f"the link flaps: {after}"
        count = writer.count()
        self.finish(writer)
        return f"{self.jitter_seconds} s, {count} writes, no disconnect"

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


def mutants(rounds, wanted):
    """The module with one fault after the other; what it leaks stays, so no rmmod."""
    faults = seeded.Faults(rounds, rounds.again)
    for number, (words, case, types) in seeded.chosen(seeded.NETWORK, wanted).items():
        rounds.site.types = types.split() if types else None

        def attempt(case=case):
            getattr(rounds.site, case)()
            rounds.site.unmake()        # what is there knows it,
            rounds.site.make()          # and what was on the workers' stacks
            found = tally.leaks()
            assert not found, found
        faults.tried(number, words, attempt)
    rounds.sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--jitter", type=int, default=20)
    parser.add_argument("--every-sender", action="store_true")
    parser.add_argument("--type", action="append", help="of message, for reset")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    print(f"     seed {args.seed}", flush=True)
    rounds = power.Rounds(args.seed, Network)
    rounds.site.jitter_seconds = args.jitter
    rounds.site.every_sender = args.every_sender
    rounds.site.types = args.type
    rounds.attempt("create", rounds.again, "")
    if args.mutants:
        mutants(rounds, args.cases)
        return
    for number in range(args.rounds):
        for name in args.cases or CASES:
            rounds.round(name, args.seed + number)
    rounds.result("leaks", tally.leaks())
    rounds.finish()


if __name__ == "__main__":
    main()
