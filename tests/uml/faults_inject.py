"""Ways to make one thing fail once: an I/O of a disk, an allocation of a thread.

Each has arm(), and disarm(), which tells whether something did fail. The nth
allocation of a request or a write is the business of who makes it (netlink.Client).
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import pathlib
import time

DEBUG = pathlib.Path("/sys/kernel/debug")
MEMORY = (DEBUG / "failslab").exists()          # not with FAST=1
PLENTY = 1 << 30
WRITE, FLUSH = 1, 2             # enum req_op


def kernel_threads():
    """kthreadd too: what it makes inherits that it fails."""
    for status in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name = (status / "comm").read_text().strip()
            if (status / "cmdline").read_bytes() == b"" and \
                    (name.startswith(("kworker", "ha_")) or name == "kthreadd"):
                yield status
        except OSError:
            continue            # it has ended


def every_allocation():
    """Also those that may wait: the kernel spares them unless it is told not to."""
    if not MEMORY:
        return
    for kind in ("failslab", "fail_page_alloc"):
        (DEBUG / kind / "ignore-gfp-wait").write_text("N")
        (DEBUG / kind / "verbose").write_text("0")
    (DEBUG / "fail_page_alloc" / "min-order").write_text("0")


class Words:
    """What the kernel says from now on."""

    def __init__(self):
        self.file = open("/dev/kmsg", "rb", buffering=0)
        os.set_blocking(self.file.fileno(), False)
        self.file.seek(0, os.SEEK_END)

    def has(self, texts):
        while record := self.file.read(8192):
            if any(text in record.decode(errors="replace") for text in texts):
                return True
        return False

    def come(self, texts, seconds=5):
        """Whether one of these is said, now or soon; nobody is asked again."""
        end = time.monotonic() + seconds
        found = self.has(texts)
        while not found and time.monotonic() < end:
            time.sleep(0.1)
            found = self.has(texts)
        return found


class Allocation:
    """Of those in kernel threads, the one after so many bytes (pages) fails."""

    harm = False                # what the disk lacks

    def __init__(self, kind, after=PLENTY):
        self.kind, self.after = kind, after     # kind: failslab, fail_page_alloc
        self.directory = DEBUG / kind

    def __str__(self):
        unit = "bytes" if self.kind == "failslab" else "pages"
        return f"{self.kind} after {self.after} {unit}"

    def set(self, **values):
        for name, value in values.items():
            (self.directory / name.replace("_", "-")).write_text(str(value))

    def get(self, name):
        return int((self.directory / name).read_text())

    def arm(self):
        for thread in kernel_threads():
            try:
                (thread / "make-it-fail").write_text("1")
            except OSError:
                continue
        if self.kind == "fail_page_alloc":
            self.set(ignore_gfp_highmem="N")
        self.set(task_filter="Y", interval=1, space=self.after, times=1,
                 probability=100)

    def disarm(self):
        self.set(probability=0)
        self.used = self.after - self.get("space")
        return self.get("times") == 0


class Io:
    """The nth read, write or flush of a disk fails."""

    def __init__(self, machine, disk, nth=PLENTY):
        self.machine, self.disk, self.nth = machine, disk, nth

    def __str__(self):
        return f"I/O {self.nth} of {self.disk.removeprefix('/dev/mapper/')}"

    def _message(self, number):
        self.machine.run(["dmsetup", "message", self.disk, "0", "fail", str(number)])

    def _count(self):
        words = self.machine.run(["dmsetup", "status", self.disk]).out.split()
        self.op = int(words[-1])
        return int(words[-3]), int(words[-2])

    def arm(self):
        self.before = self._count()
        self._message(self.nth)

    def disarm(self):
        self._message(0)
        ios, failed = self._count()
        self.used = ios - self.before[0]
        hit = failed > self.before[1]
        self.harm = hit and self.op in (WRITE, FLUSH)
        return hit
