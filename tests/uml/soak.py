"""Endurance: random operations and faults on a pair, and a book of what must be there.

    soak.py [--seed N] [--minutes N] [--and-another] [OPERATION]...

An episode starts in sync with a load on one end, does some operations by chance, and
settles: in sync again, equal, each block as the book of writes allows. Each operation
is printed before it is done. The same seed makes the same choices. With OPERATIONs
only these are done.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import collections
import random
import time

import blackout_site
import direct
import ledger
import power
import reader
from cluster import wait
from netlink import N

READ = 1 << 20                  # bytes of one look at what the application would see
OPERATIONS = ["reconnect", "cut_link", "crash_secondary", "crash_primary", "crash_both",
              "detach", "detach_primary", "invalidate", "pause_sync", "switch", "suspend",
              "promote_refused", "break_disk", "restart_secondary", "read_back",
              "crash_source"]


class Soak(blackout_site.Site):
    """self.one is Primary with a load on it, self.two is the other."""

    pair, pace = direct.Pair, direct.PACE
    operations = OPERATIONS

    def __init__(self, seed):
        super().__init__(seed)
        for end in self.c:      # a Primary in resync whose link fails waits
            end.options = {"on_no_data": N["HA_ON_NO_DATA_SUSPEND_IO"]}
        self.done = collections.Counter()
        self.writes = 0

    def episode(self):
        self.one, self.two = self.begin()
        self.writer = self.load(self.one)
        for _ in range(self.chance.randrange(1, 6)):
            name = self.chance.choice(self.operations)
            print(f"     {self.one.name} is Primary: {name}", flush=True)
            getattr(self, name)()
            self.done[name] += 1
            self.pause(1)
        self.writer.stop()
        self.enter(self.writer)
        self.settle()

    def enter(self, writer, reports=None, flushed=False):
        super().enter(writer, reports, flushed)
        self.writes += writer.count()

    # -- what a load needs around a change of roles

    def stop_load(self):
        self.writer.stop()
        self.enter(self.writer)
        self.writers.remove(self.writer)

    def next_load(self, end):
        other = self.two if end is self.one else self.one
        self.one, self.two = end, other
        self.writer = self.load(end)

    def in_sync(self):
        self.slow_resync(False)
        self.c.wait_connected(timeout=60)
        self.c.wait_in_sync()

    # -- operations; each ends connected, perhaps not yet in sync

    def reconnect(self):
        end = self.chance.choice(self.c.nodes)
        end.hadm("disconnect", "r0")
        self.pause(2)
        for node in self.c:
            node.hadm("connect", "r0", check=False)
        self.c.wait_connected(timeout=60)

    def cut_link(self):
        ends = self.chance.choice(([self.one], [self.two], self.c.nodes))
        for end in ends:
            end.cut()
        self.pause(6)
        for end in ends:
            end.join()
        self.c.wait_connected(timeout=60)

    def crash_secondary(self):
        self.cut(self.two)
        self.pause(4)
        self.back_up(self.two)
        self.c.wait_connected(timeout=60)

    def crash_primary(self):
        """Its peer takes over; so it has to be in sync before."""
        self.in_sync()
        reports, together = self.cut(self.one)
        self.enter(self.writer, reports, flushed=not together)
        self.writers.remove(self.writer)
        dead = self.one
        if together:
            self.next_load(self.two)
        self.back_up(dead)
        self.c.wait_connected(timeout=60)
        if not together:                # a busy machine: it may have gone on alone
            self.in_sync()
            self.next_load(self.one)

    def crash_both(self):
        reports, _ = self.cut(self.one, self.two)
        self.enter(self.writer, reports, flushed=True)
        self.writers.remove(self.writer)
        self.book.both_failed()
        self.back_up(*self.chance.sample((self.one, self.two), 2))
        self.in_sync()
        self.next_load(self.chance.choice(self.c.nodes))

    def detach(self):
        self.in_sync()
        self.two.hadm("detach", "r0")
        self.pause(1)
        self.two.hadm("attach", "r0")

    def detach_primary(self):
        self.in_sync()
        self.one.hadm("detach", "r0")
        self.writer.wait_more(5)
        self.read_back()
        self.slow_resync(self.chance.random() < 0.5)
        self.one.hadm("attach", "r0")
        self.read_back()
        self.slow_resync(False)

    def crash_source(self):
        """Of a Primary whose own disk is brought up to date."""
        self.in_sync()
        self.one.hadm("detach", "r0")
        self.writer.wait_more(20)
        self.slow_resync(True)
        self.one.hadm("attach", "r0")
        wait(lambda: self.c.connected() and
             self.one.peer().get("replication") == "SyncTarget" or self.c.in_sync(),
             20, "a resync")
        self.writer.wait_more(self.chance.randrange(5, 50))
        self.crash_secondary()
        self.read_back()
        self.slow_resync(False)

    def invalidate(self):
        self.in_sync()
        self.slow_resync(True)
        self.two.hadm("invalidate", "r0")
        self.pause(2)
        self.slow_resync(self.chance.random() < 0.5)

    def pause_sync(self):
        end = self.chance.choice(self.c.nodes)
        end.hadm("pause-sync", "r0")
        self.pause(1)
        end.hadm("resume-sync", "r0")

    def switch(self):
        self.in_sync()
        self.stop_load()
        self.one.hadm("secondary", "r0")
        self.book.all_flushed()
        self.next_load(self.two)

    def suspend(self):
        self.one.hadm("suspend-io", "r0")
        self.pause(1)
        self.one.hadm("resume-io", "r0")
        self.writer.wait_more(5)

    def promote_refused(self):
        self.two.refused("primary", "r0", because=("primary", "inconsistent", "not"))

    def break_disk(self):
        """A disk error: I/O goes on through the other; attach brings it back."""
        self.in_sync()
        end = self.chance.choice(self.c.nodes)
        number = self.disks(end)[:1]
        self.power.cut(number)
        self.power.fail(number)
        wait(lambda: end.disk_state() == "Diskless", 60, "it detaches")
        self.writer.wait_more(5)
        self.read_back()
        self.power.restore(number, self.chance.randrange(1 << 30))
        end.hadm("attach", "r0", timeout=60)

    def read_back(self):
        """What the Primary reads, beside its load: no write that ended is missing."""
        reports = self.writer.reports()
        first = self.chance.choice((0, self.chance.randrange(self.size // READ))) * READ
        content = reader.read(self.one.device(), first, READ)
        try:
            self.check_read(reports, content, first)
        except ledger.Lost:             # or written and read, but not yet reported
            time.sleep(1)
            self.check_read(reports, content, first)

    def check_read(self, reports, content, first):
        book = self.book.copy()
        book.enter(self.writer, reports, flushed=False)
        book.check(content, f"{self.one.name} reads", first // ledger.BLOCK)

    def restart_secondary(self):
        self.two.hadm("down", "r0", timeout=30)
        self.pause(1)
        self.two.hadm("up", "r0", timeout=60)
        self.c.wait_connected(timeout=60)


def run(rounds, seed, seconds, until_failure=False):
    """Episodes from one seed; each has a seed of its own."""
    end, number = time.monotonic() + seconds, 0
    print(f"     seed {seed}", flush=True)
    while time.monotonic() < end and not (until_failure and rounds.failed):
        if number % 8 == 7:
            rounds.attempt("create", rounds.again, "")
        rounds.round("episode", seed + number)
        number += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--and-another", action="store_true")
    parser.add_argument("--until-failure", action="store_true")
    parser.add_argument("operations", nargs="*")
    args = parser.parse_args()
    rounds = power.Rounds(args.seed, Soak, power.PATIENCE)
    rounds.site.operations = args.operations or OPERATIONS
    rounds.attempt("create", rounds.again, "")
    run(rounds, args.seed, args.minutes * 60, args.until_failure)
    if args.and_another:
        run(rounds, random.SystemRandom().randrange(1 << 30), args.minutes * 60)
    done = ", ".join(f"{name} {count}" for name, count in rounds.site.done.items())
    print(f"     {sum(rounds.site.done.values())} operations: {done}; "
          f"{rounds.site.writes} writes")
    rounds.finish()


if __name__ == "__main__":
    main()
