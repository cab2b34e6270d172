"""Steps of the recorded life that need time or a failure.

When intents have been cleared only bits know what the other end lacks; when a disk
fails only the peer does. Both are the only witness for a while.
"""
# SPDX-License-Identifier: GPL-2.0-only
import time

import matrix_log
from cluster import wait

IDLE = 7                        # seconds: marks are flushed every 5, intents idle 1
SLOW = 8 << 10                  # bytes a second: two blocks
CUTS, MEET = 3, 2.6             # seconds: an intent is cleared meanwhile


class Late:
    """Needs the writer, the pair and the disks of who inherits it."""

    def pretend_flush(self, function, *args):
        """What must make stable what had been acknowledged, as a flush does."""
        matrix_log.mark("f")
        function(*args)
        matrix_log.mark("F")

    def link(self, state):
        self.c[0].run(f"ip link set v {state}")

    def rate(self, number):
        for node in self.c:
            node.run(["hasetup", "resource-options", "r0", "--resync-rate", str(number)])

    def trickle(self, seconds, region=0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)
            self.writer.write(region)

    def idle(self):
        self.step("idle")
        self.trickle(IDLE)
        self.writer.flush()
        self.writer.writes([2, 3])

    def late(self):
        """The bits are old, the resync is slow, and cut after some blocks each time.

        While it runs, an intent is cleared, for which the bitmap is written.
        """
        self.step("cut for long")
        self.link("down")
        self.pretend_flush(self.writer.writes, [1, 3], 6)
        self.trickle(IDLE)
        self.rate(SLOW)
        for number in range(CUTS):
            self.step(f"slow resync {number}")
            self.link("up")
            self.c.wait_connected()
            self.writer.write(2)
            self.writer.flush()
            time.sleep(MEET)
            self.link("down")
            self.writer.write(0)
        self.step("last resync")
        self.rate(0)
        self.link("up")
        self.c.wait_in_sync()

    def source_alone(self):
        """Not Primary any more, nothing in flight, when the other end comes back."""
        self.step("cut and demote")
        self.link("down")
        self.writer.writes([1, 2])
        self.secondary(0)
        time.sleep(IDLE)
        self.step("resync of Secondaries")
        self.link("up")
        self.c.wait_in_sync()
        self.primary(0)

    def broken(self):
        """The Primary's disk fails with writes in its cache; later it comes back."""
        self.writer.writes([0, 1])
        self.step("disk fails")
        self.c[0].run(["dmsetup", "message", self.disks.names[0], "0", "fail", "1"])
        self.writer.writes([0, 3])
        wait(lambda: self.c[0].disk_state() == "Diskless", 20, "the disk is detached")
        self.writer.writes([2])
        self.writer.flush()
        self.step("disk returns")
        self.c[0].hadm("attach", "r0")
        self.c.wait_in_sync()
        self.writer.writes([1])
