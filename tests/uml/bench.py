"""What the steps work on: the pair, made and unmade, a load, a slow resync."""
# SPDX-License-Identifier: GPL-2.0-only
import random

import guest
from cluster import wait

DISK = {"resync-rate": "0"}
SLOW = 4                        # MiB/s, for a resync that is to be disturbed
WORKERS = 4                     # of a writer


class Bench:
    """The pair, its disks that can break, and what chance decides."""

    def __init__(self, seed):
        self.c = guest.Pair()
        self.kernel = self.c.kernel
        self.random = random.Random(seed)
        self.seed = seed
        self.backing = {node.name: node.breakable() for node in self.c}

    def make(self, **options):
        """The pair from zeroed disks, in sync."""
        self.c.resources = {}
        options = {"disk": DISK, "backing": self.backing, **options}
        self.c.ready(self.c.resource(**options))

    def unmake(self):
        for node in self.c:
            node.hadm("down", "--force", "all", check=False, timeout=20)
            node.heal_disk()
            node.join()
            # What the next pair is declared equal by has to be equal.
            for index in (0, 1):
                node.run(["blkdiscard", "-f", "-z", node.disk(index)])

    def again(self):
        self.unmake()
        self.make()

    def down(self):
        for node in self.c:
            node.hadm("down", "all", timeout=20)

    def state(self):
        """For who looks into a failure."""
        for node in self.c:
            print(node.name, node.hadm("status", "--json", check=False, timeout=20).out)
        print(self.kernel.run("for f in /proc/[0-9]*/stack; do grep -q ha_ $f && "
                              "cat ${f%stack}comm $f; done 2>/dev/null", check=False).out,
              flush=True)

    def ends(self):
        """One end and the other, by chance."""
        return self.random.sample(self.c.nodes, 2)

    def load(self, node, **options):
        """A running writer, some of its writes acknowledged."""
        writer = node.writer(seed=self.random.randrange(1000), mib=8, flush_every=4,
                             **options)
        wait(lambda: len({line.split()[0] for line in list(writer.job.lines)}) == WORKERS,
             30, "all workers write")
        writer.wait_more(self.random.randrange(100))
        return writer

    def settle(self, writer, node, other):
        """Stop the load; in sync, equal, and all of it is on both ends."""
        writer.stop()
        self.c.wait_in_sync()
        writer.check(node)
        self.c.assert_equal()
        node.hadm("secondary", "r0")
        other.hadm("primary", "r0")
        writer.check(other)
        other.hadm("secondary", "r0")

    def slow_resync(self, source, target):
        """A resync that runs for some seconds."""
        for node in self.c:
            node.run(["hasetup", "resource-options", "r0", "--resync-rate",
                      str(SLOW << 20)])
        target.hadm("invalidate", "r0")
        wait(lambda: target.peer().get("replication") == "SyncTarget", 20, "a resync")
        assert source.disk_state() == "UpToDate"

    def full_speed(self):
        for node in self.c:
            node.run(["hasetup", "resource-options", "r0", "--resync-rate", "0"])
