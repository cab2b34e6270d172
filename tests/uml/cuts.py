"""The cases of power loss; each begins and ends with both ends in sync and Secondary."""
# SPDX-License-Identifier: GPL-2.0-only
import direct
from blackout_site import Site
from cluster import wait


class Cuts(Site):
    """Each method in CASES is a case; its docstring says what must hold."""

    pair, pace = direct.Pair, direct.PACE

    def site(self):
        """Both at once: each flush that returned is on both disks, by itself."""
        one, two = self.begin()
        writer = self.load(one)
        reports, together = self.cut(one, two)
        self.enter(writer, reports, flushed=True)
        for end in (one, two):
            self.come_back(end)
        self.check(*((one, two) if together else (one,)), when="after the loss")
        for end in self.chance.sample((one, two), 2):
            end.hadm("up", "r0", timeout=60)
        self.settle()

    def primary(self):
        """One node: nothing acknowledged is lost, with and without a failover."""
        one, two = self.begin()
        writer = self.load(one)
        reports, together = self.cut(one)
        self.enter(writer, reports, flushed=not together)
        if together and self.chance.random() < 0.6:
            second = self.load(two)
            self.pause(1)
            self.back_up(one)
            self.c.wait_connected(timeout=60)
            second.stop()
            self.enter(second)
        else:
            self.pause(4)
            self.back_up(one)
        self.settle()

    def secondary(self):
        """What it acknowledged and lost is sent again, however soon it returns."""
        one, two = self.begin()
        writer = self.load(one)
        self.cut(two)
        self.pause(4)
        self.back_up(two)
        writer.wait_more(20)
        self.finish(writer)

    def finish(self, writer):
        """The load ends well, and all of it is due on both."""
        writer.stop()
        self.enter(writer)
        self.settle()

    def resyncing(self):
        """A resync that runs slowly, beside a load at its source."""
        one, two = self.begin()
        writer = self.load(one)
        self.slow_resync(True)
        if self.chance.random() < 0.5:
            two.hadm("invalidate", "r0")
        else:
            two.hadm("disconnect", "r0")
            writer.wait_more(100)
            self.reconnect()
        wait(lambda: two.peer().get("replication") == "SyncTarget" or self.c.in_sync(),
             20, "a resync")
        self.pause(2)
        return one, two, writer

    def reconnect(self):
        for end in self.c:
            end.hadm("connect", "r0", check=False)

    def resync_target(self):
        """The target, once or twice, while the load goes on."""
        _, two, writer = self.resyncing()
        for _ in range(self.chance.choice((1, 2))):
            self.cut(two)
            self.pause(2)
            self.back_up(two)
            self.c.wait_connected(timeout=60)
            self.pause(1)
        self.finish(writer)

    def resync_source(self):
        """The source, alone or with its target: what it had flushed is there."""
        one, two, writer = self.resyncing()
        victims = [one] if self.chance.random() < 0.5 else [two, one]
        reports, _ = self.cut(*victims)
        self.enter(writer, reports, flushed=True)
        self.pause(2)
        self.back_up(*victims)
        self.settle()

    def mint(self):
        """The link is cut; power goes about when the first writes end alone."""
        one, two = self.begin()
        writer = self.load(one)
        if self.chance.random() < 0.5:
            self.c.cut()
            before = writer.count()
            wait(lambda: one.connection() != "Connected", 30, "the loss is noticed")
            if self.chance.random() < 0.5:
                wait(lambda: writer.count() > before + 4, 30, "writes alone")
        else:
            one.begin(("disconnect",))
            self.pause(0.3)
        reports, _ = self.cut(one)
        self.enter(writer, reports, flushed=True)
        self.pause(1)
        self.c.join()
        self.back_up(one)
        two.hadm("connect", "r0", check=False)
        self.settle()

    def attach(self):
        """A replica that attaches and connects after it missed writes."""
        one, two = self.begin()
        writer = self.load(one)
        two.hadm(*self.chance.choice((("down",), ("detach",), ("disconnect",))), "r0")
        writer.wait_more(self.chance.randrange(5, 100))
        two.begin(("up",), ("attach",), ("connect",))
        self.pause(1)
        self.cut(two)
        self.back_up(two)
        self.finish(writer)

    def demote(self):
        """A demotion: one node, or both."""
        one, two = self.begin()
        writer = self.load(one)
        writer.stop()
        one.begin(("secondary",))
        self.pause(0.4)
        both = self.chance.random() < 0.5
        victims = (one, two) if both else (one,)
        _, together = self.cut(*victims)
        self.enter(writer, flushed=both or not together)
        for end in victims:
            self.come_back(end)
        if together and both:
            self.check(one, two, when="after the loss")
        for end in victims:
            end.hadm("up", "r0", timeout=60)
        self.settle()

    def promote(self):
        """A promotion beside the other's demotion, and the first writes after it."""
        one, two = self.begin()
        writer = self.load(one)
        writer.stop()
        one.hadm("secondary", "r0")
        two.begin(("primary",))
        self.pause(0.4)
        victim = self.chance.choice((one, two))
        self.cut(victim)
        self.enter(writer)
        self.back_up(victim)
        self.settle()

    def double(self):
        """The Secondary, then the Primary that went on alone: its flushes stay."""
        one, two = self.begin()
        writer = self.load(one)
        self.cut(two)
        self.c.wait(lambda: one.connection() != "Connected", 30, "the loss is noticed")
        writer.wait_more(self.chance.randrange(1, 100))
        reports, _ = self.cut(one)
        self.enter(writer, reports, flushed=True)
        ends = self.chance.sample((one, two), 2)
        self.come_back(one)
        self.check(one, when="after it lost power alone")
        self.come_back(two)
        for end in ends:
            end.hadm("up", "r0", timeout=60)
        self.settle()

    def failover(self):
        """The Primary; the other takes over and then loses power too."""
        one, two = self.begin()
        writer = self.load(one)
        reports, together = self.cut(one)
        self.enter(writer, reports, flushed=True)
        if not together:                # a busy machine: one may have gone on alone
            self.back_up(one)
            return self.settle()
        second = self.load(two)
        later, _ = self.cut(two)
        self.enter(second, later, flushed=True)
        self.come_back(two)
        self.check(two, when="after it took over")
        self.come_back(one)
        for end in self.chance.sample((one, two), 2):
            end.hadm("up", "r0", timeout=60)
        return self.settle()

    def split(self):
        """Alone, then the other alone: never merged; the winner's flushes stay."""
        one, two = self.begin()
        writer = self.load(one)
        self.c.cut()
        together = {writer: writer.reports()}
        self.c.wait_lost(timeout=60)
        writer.wait_more(30)
        self.cut(one)
        self.enter(writer, together)
        second = self.load(two)
        second.stop()
        self.c.join()
        self.back_up(one)
        for end in (one, two):
            wait(lambda: end.connection() == "StandAlone", 60, "split brain is noticed")
        self.enter(second)
        two.hadm("secondary", "r0")
        one.hadm("connect", "--discard-my-data", "r0")
        two.hadm("connect", "r0")
        self.settle()


CASES = ["site", "primary", "secondary", "resync_target", "resync_source", "mint",
         "attach", "demote", "promote", "double", "failover", "split"]
