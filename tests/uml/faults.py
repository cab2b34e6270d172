"""Each allocation and each I/O fails once: an error that speaks, and nothing is lost.

    faults.py [--seed N] [--time SECONDS] [--case TEXT] [--until FAILURES]

First each request's allocations, one by one; then lives in which one I/O of one disk,
or one allocation of the module's threads, fails. Cases are taken in an order that
follows from the seed until the time for them is over; --case takes those with that text.
A kernel that cannot fail allocations (FAST=1) does only the lives with a failing I/O.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import collections
import mmap
import os
import random
import time
import traceback

import ends
import faults_inject
import faults_life
import faults_told
import faults_verbs
import guest
import matrix_life
import matrix_log
import tally


# A detach that leaves less on the disk than it would succeeds: as after a crash.
NOTICED = ("the disk failed", "the disk does not keep")


class Images:
    """The four disks of a pair in sync, put back before each life."""

    def __init__(self, disks):
        self.fds = [os.open(path, os.O_RDWR | os.O_DIRECT) for path in disks.below]
        self.buffer = mmap.mmap(-1, matrix_life.BLOCK)
        self.blocks = []
        for device, size in enumerate((faults_life.DATA, matrix_life.META) * 2):
            numbers = faults_life.PLACES if device in (0, 2) else range(size // 4096)
            self.blocks.append({n: self.read_block(device, n) for n in numbers})

    def read_block(self, device, number):
        os.preadv(self.fds[device], [self.buffer], number * 4096)
        return self.buffer[:]

    def restore(self):
        for fd, blocks in zip(self.fds, self.blocks):
            for number, content in blocks.items():
                self.buffer[:] = content
                os.pwritev(fd, [self.buffer], number * 4096)


class Faults(tally.Tally):
    """The pair, the cases, and what became of them."""

    def __init__(self, args):
        super().__init__(guest.KernelLog())
        self.args, self.random = args, random.Random(args.seed)
        self.c = guest.Pair()
        matrix_log.switch("on", 0)
        faults_inject.every_allocation()
        self.disks = matrix_life.Disks(self.c, faults_life.DATA)
        self.ends = ends.pair(self.c, self.disks.names)
        self.counts = collections.Counter()
        self.make()

    def make(self):
        self.disks.clear(self.c)
        self.c.resources = {"r0": 0}
        self.c.configure(self.disks.text(self.c))
        self.c.create()
        assert ends.meet(self.ends).startswith("not syncing")
        self.ends[0].ask("skip_initial_sync")
        assert ends.settled(self.ends) == "in sync"
        self.down()
        self.images = Images(self.disks)

    def down(self):
        for end in self.ends:
            end.down()

    def case(self, name, function, *args):
        problem, started = "", time.monotonic()
        try:
            function(*args)
        except Exception as error:
            traceback.print_exc()
            problem = f"{type(error).__name__}: {error}"
        try:
            self.down()
        except Exception as error:
            problem += f" down: {error}"
        print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)
        self.result(name, problem, quiet=True)

    def live(self, fault):
        """One life with a fault; how much of what the fault counts it used."""
        self.images.restore()
        life, words = faults_life.Life(self.ends), faults_inject.Words()
        fault.arm()
        try:
            life.live(self.images)
        finally:
            hit = fault.disarm()
        noticed = life.errors or words.come(NOTICED, 5 * fault.harm)
        if fault.harm and not noticed:
            raise faults_life.Broken("a write or a flush that failed is no failed disk")
        life.together()
        life.recover()
        life.verify(self.images)
        kind = str(fault).split()[0]
        self.counts[f"{kind}: lives"] += 1
        self.counts[f"{kind}: failed"] += hit
        self.counts[f"{kind}: errors seen"] += bool(life.errors)

    def lives(self):
        """A life without a fault says how many places there are for one."""
        ios = [faults_inject.Io(self.c.kernel, disk) for disk in self.disks.names]
        memory = [faults_inject.Allocation(kind)
                  for kind in ("failslab", "fail_page_alloc") if faults_inject.MEMORY]
        cases = []
        for fault in ios + memory:
            self.live(fault)
            print(f"     {fault}: {fault.used} in a life", flush=True)
        for fault in ios:
            cases += [faults_inject.Io(self.c.kernel, fault.disk, n)
                      for n in range(1, fault.used + 1)]
        for fault in memory:
            cases += [faults_inject.Allocation(
                fault.kind, self.random.randrange(max(fault.used, 1)))
                for _ in range(200)]
        self.random.shuffle(cases)
        return cases

    def requests(self):
        """Each with its allocations failing, where this kernel can do that."""
        if not faults_inject.MEMORY:
            return []
        verbs = faults_verbs.Verbs(self)
        return verbs.cases() + faults_told.Told(verbs).cases()

    def run(self):
        for name, function in self.requests():
            if self.args.case in name:
                self.case(name, function)
        cases = [fault for fault in self.lives() if self.args.case in str(fault)]
        done, end = 0, time.monotonic() + self.args.time
        for fault in cases:
            if time.monotonic() > end or self.failed >= self.args.until:
                break
            self.case(str(fault), self.live, fault)
            done += 1
        print(f"     {done} of {len(cases)} lives with a fault")
        if not self.args.case:
            hit = sum(count for name, count in self.counts.items()
                      if name.endswith(": failed"))
            self.result("hits", "" if done and hit else "no life had its fault")
        for name, count in sorted(self.counts.items()):
            print(f"     {count:6} {name}")

    def finish(self):
        self.down()
        self.result("rmmod", self.c.kernel.run("rmmod ha", check=False, timeout=30).err)
        self.result("leaks", tally.leaks())
        self.sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--time", type=int, default=40)
    parser.add_argument("--case", default="")
    parser.add_argument("--until", type=int, default=1 << 30)
    args = parser.parse_args()
    faults = Faults(args)
    faults.run()
    faults.finish()


if __name__ == "__main__":
    main()
