"""What QEMU spent on the machines while a case ran: CPU time, guest instructions.

Seen from outside, so it costs the machines nothing. Instructions (only with the plugin,
insn.c) do not depend on what else the host has to do.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import struct
import threading
import time

PERIOD = 0.05
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of all threads of a process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        words = file.read().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICK


def instructions(path):
    """What the plugin has counted; 0 without one."""
    try:
        with open(path, "rb") as file:
            return struct.unpack("=Q", file.read(8))[0]
    except (FileNotFoundError, struct.error):
        return 0


def clock_offset(one):
    """Seconds to add to the guest's monotonic clock for the host's; the best of some."""
    tries = []
    for _ in range(5):
        before = time.monotonic()
        guest = float(one.run(["cat", "/proc/uptime"]).out.split()[0])
        after = time.monotonic()
        tries.append((after - before, (before + after) / 2 - guest))
    return min(tries)[1]


class Counters(threading.Thread):
    """While the block runs, what both machines have used, again and again."""

    def __init__(self, machines):
        super().__init__(daemon=True)
        self.machines, self.track = machines, []
        self.over = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def look(self):
        values = [time.monotonic()]
        for one in self.machines:
            values += [cpu_seconds(one.process.pid), instructions(one.counter)]
        self.track.append(values)

    def run(self):
        while not self.over.wait(PERIOD):
            self.look()

    def per_second(self, begin, end):
        """CPU seconds and instructions of each machine, per second of that time."""
        inside = [values for values in self.track if begin <= values[0] <= end]
        if len(inside) < 2:
            return None
        first, last = inside[0], inside[-1]
        passed = last[0] - first[0]
        return [(b - a) / passed for a, b in zip(first[1:], last[1:])]
