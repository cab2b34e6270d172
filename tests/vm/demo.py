#!/usr/bin/env python3
"""The demonstration: a Primary is killed while it writes, the other goes on.

Two machines on one bridge; every step is checked, and one that does not hold ends
the demonstration with status 1.
"""
# SPDX-License-Identifier: GPL-2.0-only
import contextlib
import signal
import sys
import time

import kernels
import oracle
from cluster import wait
from lab import Lab
from node import LOAD

DISKS = [1024]
FILE_MIB = 200
START = time.monotonic()


@contextlib.contextmanager
def step(text):
    """One line: when it began, what it is, what came of it, how long it took."""
    started, notes = time.monotonic(), []
    print(f"{started - START:6.1f} s  {text} ... ", end="", flush=True)
    try:
        yield notes.append
    except BaseException:
        print("FAILED", flush=True)
        raise
    said = "; ".join(notes) or "done"
    print(f"{said} [{time.monotonic() - started:.1f} s]", flush=True)


def prepare(c):
    with step("load ha.ko on both machines"):
        c.load()
        c.configure()
    with step("hadm create-md r0 on both"):
        c.create()
    with step("hadm up r0 on both, until they are connected"):
        c.up()
        c.wait_connected()
    with step("hadm skip-initial-sync r0: both disks are empty") as note:
        c[0].hadm("skip-initial-sync", "r0")
        c.wait_in_sync()
        note(c[0].hadm("dstate", "r0").out.strip())
    with step("node1: hadm primary r0; mkfs.ext4 /dev/ha0; mount"):
        c[0].hadm("primary", "r0")
        c[0].run(["mkfs.ext4", "-q", c[0].device()], timeout=180)
        c[0].run(["mount", c[0].device(), "/mnt"])


def write_and_kill(c):
    """The journal's last record that was reported, at the moment of the crash."""
    with step(f"node1: a journal with fsync per record, a file of {FILE_MIB} MiB"):
        journal = c[0].start(f"exec {LOAD} journal /mnt/journal")
        c[0].start(f"dd if=/dev/urandom of=/mnt/file bs=1M count={FILE_MIB}")
        journal.wait_line(50, 120)
        size = "stat -c %s /mnt/file 2>/dev/null || echo 0"
        wait(lambda: int(c[0].run(size).out) >= FILE_MIB << 19, 180, "half the file")
    with step("node1: its machine is killed in the middle") as note:
        c.kill(0)
        acked = int(journal.lines[-1])
        note(f"{acked} records were acknowledged")
    return acked


def take_over(c, acked):
    with step("node2: notices, hadm primary r0") as note:
        began = time.monotonic()
        wait(lambda: c[1].connection() != "Connected", 60, "the loss is noticed")
        note(f"noticed after {time.monotonic() - began:.1f} s")
        wait(lambda: c[1].hadm("primary", "r0", check=False), 60, "promotion")
    with step("node2: e2fsck after replaying the journal of ext4"):
        c[1].run(["mount", c[1].device(), "/mnt"])
        c[1].run(["umount", "/mnt"])
        c[1].run(["e2fsck", "-f", "-n", c[1].device()], timeout=180)
        c[1].run(["mount", c[1].device(), "/mnt"])
    with step("node2: every acknowledged record is there") as note:
        note(c[1].run(f"{LOAD} journal-check /mnt/journal {acked}").out.strip())
    with step("node2: goes on writing, 8 MiB"):
        c[1].run("dd if=/dev/urandom of=/mnt/more bs=1M count=8 conv=fsync status=none",
                 timeout=120)


def come_back(c):
    size = c[1].status()["device"]["size_bytes"]
    with step("node1: boots again") as note:
        c.start(0)
        note("its disk is as it was at the crash")
    before = c[0].writes()
    with step("node1: hadm up r0, then hadm wait-sync r0") as note:
        c[0].hadm("up", "r0")
        c.wait_connected()
        c[0].hadm("wait-sync", "r0", timeout=300)
        c.wait_in_sync(timeout=60)
        moved = c[0].writes() - before
        note(f"{moved / 2**20:.1f} MiB written to its disk, of {size / 2**20:.0f} MiB "
             f"({100 * moved / size:.1f} %)")
        assert 0 < moved < size / 2, "that is no resync of what changed"


def finish(c, mark):
    with step("both disks, byte for byte") as note:
        c[1].run(["umount", "/mnt"])
        c[1].hadm("secondary", "r0")
        c.assert_equal()
        note("identical")
    with step("hadm down all, rmmod ha, and not one complaint in the kernel logs"):
        oracle.check(c, mark)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    kernel = kernels.use("6.12")
    lab = Lab(kernel, DISKS)
    try:
        with step(f"boot two machines with Linux {kernel.release}"):
            c = lab.prepare(2)
        prepare(c)
        acked = write_and_kill(c)
        take_over(c, acked)
        come_back(c)
        finish(c, lab.mark)
    except Exception as error:      # whatever did not hold
        print(f"demo: {error}", file=sys.stderr)
        return 1
    finally:
        lab.close()
    print("all of it held")
    return 0


if __name__ == "__main__":
    sys.exit(main())
