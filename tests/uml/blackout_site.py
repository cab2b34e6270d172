"""A pair on disks that lose power: how it is cut, comes back, and is looked into."""
# SPDX-License-Identifier: GPL-2.0-only
import random
import signal
import time

import guest            # first: it says where the modules of tests/vm are
import blackout
import ledger
from cluster import wait

SIZE = 24                       # MiB of a disk
META = 2                        # MiB of a metadata disk
SLOW = 2                        # MiB/s, for a resync that is to be disturbed


class Site:
    """Both nodes, their volatile disks, and what chance decides."""

    pair = guest.Pair               # what brings both ends up, and asks for their state
    pace = 1                        # how long chance waits, of what a case says

    def __init__(self, seed):
        self.c = self.pair()
        self.kernel = self.c.kernel
        self.chance = random.Random(seed)
        self.power = blackout.Disks(self.kernel, [SIZE << 20, META << 20] * 2)
        self.number = {end.name: index for index, end in enumerate(self.c)}
        self.book = None
        self.writers = []
        self.dead = set()
        self.pages = (0, 0)             # lost, kept or torn

    def disks(self, *ends):
        """Numbers of their disks: data, metadata."""
        return [2 * self.number[end.name] + which for end in ends for which in (0, 1)]

    def options(self):
        """For the resource, besides where it lies."""
        return {}

    # -- life

    def make(self):
        """The pair anew, in sync; with internal or external metadata."""
        self.c.resources = {}
        external = self.chance.random() < 0.5
        backing = {name: self.power.path(2 * number)
                   for name, number in self.number.items()}
        metadata = {name: self.power.path(2 * number + 1)
                    for name, number in self.number.items()}
        self.c.ready(self.c.resource(backing=backing, disk={"resync-rate": "0"},
                                     metadata=metadata if external else None,
                                     **self.options()))

    def unmake(self):
        """Whatever state it is in: nothing of it is left."""
        for writer in self.writers:
            kill(writer)
        for end in list(self.dead):
            self.come_back(end)
        for end in self.c:
            end.hadm("down", "--force", "all", check=False, timeout=30)
            end.join()
        self.power.slow_flush(self.disks(*self.c), 0)
        for number in self.disks(*self.c):
            self.power.zero(number)
        self.writers = []

    def remove(self):
        for end in self.c:
            end.hadm("down", "all", timeout=20)
        self.power.close()

    # -- a round

    def begin(self):
        """Both in sync, Secondary: who is Primary, and what the disks hold now."""
        self.c.wait_in_sync()
        self.writers = []
        self.size = self.c.data_size()
        self.book = ledger.Ledger(self.content(self.c[0]))
        delay = self.chance.choice((0, 0, 0, 10, 50))
        self.power.slow_flush(self.disks(*self.c), delay)
        return self.chance.sample(self.c.nodes, 2)

    def content(self, end):
        return self.power.read(self.disks(end)[0], self.size)

    def load(self, end):
        """Promote, and write with flushes until chance says it is enough."""
        wait(lambda: end.hadm("primary", "r0", check=False), 30, "promotion")
        writer = end.writer(seed=self.chance.randrange(1 << 30),
                            mib=self.chance.choice((2, 16)),
                            workers=self.chance.choice((1, 4)),
                            flush_every=self.chance.choice((1, 2, 8, 40)))
        self.writers.append(writer)
        writer.wait_more(self.chance.randrange(5, 150))
        return writer

    def slow_resync(self, on):
        for end in self.c:
            end.resync_rate(SLOW << 20 if on else 0)

    def pause(self, seconds):
        time.sleep(self.chance.random() * seconds * self.pace)

    # -- power

    def cut(self, *ends):
        """Power of these ends is gone; what each writer had reported just before."""
        self.power.cut(self.disks(*ends))
        reports = {writer: writer.reports() for writer in self.writers}
        together = self.together()
        for end in ends:
            end.cut()
            self.dead.add(end)
        self.power.fail(self.disks(*ends))
        for writer in self.writers:
            if writer.node in ends:
                kill(writer)
        for end in ends:
            end.hadm("down", "--force", "all", timeout=60)
        for writer in self.writers:
            if writer.node in ends:
                writer.job.wait(60)     # and so all that it said has been heard
        return reports, together

    def together(self):
        """Both ends count as good and connected, as far as they know."""
        return all((end.disk_state(), end.peer().get("connection"),
                    end.peer().get("disk")) == ("UpToDate", "Connected", "UpToDate")
                   for end in self.c if end not in self.dead)

    def come_back(self, end):
        """The machine boots: its disks are what they are."""
        totals = self.power.restore(self.disks(end), self.chance.randrange(1 << 30))
        self.pages = [a + b for a, b in zip(self.pages, totals)]
        self.dead.discard(end)
        end.join()

    def back_up(self, *ends):
        for end in ends:
            self.come_back(end)
        for end in ends:
            end.hadm("up", "r0", timeout=60)

    # -- what must hold

    def enter(self, writer, reports=None, flushed=False):
        """What of a load is due from here on."""
        self.book.enter(writer, writer.reports() if reports is None
                        else reports[writer], flushed)

    def check(self, *ends, when):
        for end in ends or self.c:
            self.book.check(self.content(end), f"{end.name} {when}")

    def settle(self):
        """In sync at the end, equal, and right; both Secondary."""
        self.slow_resync(False)
        self.c.wait_connected(timeout=60)
        self.c.wait_in_sync()
        for writer in self.writers:
            if writer.job.running():
                writer.stop()
        for end in self.c:
            if end.role() == "Primary":
                end.hadm("secondary", "r0")
        one, two = (self.content(end) for end in self.c)
        assert one == two, f"the replicas differ at byte {difference(one, two)}"
        self.book.check(one, "both in the end")


def difference(one, two):
    return next(i for i, (a, b) in enumerate(zip(one, two)) if a != b)


def kill(writer):
    """The application dies with its machine."""
    try:
        writer.job.signal(signal.SIGKILL)
    except OSError:
        pass
