#!/usr/bin/env python3
"""What size and number cost: 1 GiB to 100 TiB, 1 to 100 resources, on two machines.

Sizes: device-mapper devices with three pieces of real disk, zeroes that forget between.
Numbers: slices of one disk. Leaves scale.json, scale.txt and scale.png/.svg.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import json
import pathlib
import signal
import subprocess
import sys
import time

import machines                 # first: it makes the scenarios' modules known
import counters
import kernels
import settings
from cluster import Cluster
from node import Node

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MIB = 1 << 20
GIB, TIB = 1 << 30, 1 << 40
SIZES = [GIB, 16 * GIB, 256 * GIB, 4 * TIB, 16 * TIB, 100 * TIB]
NUMBERS = [1, 10, 100]
HEAD, TAIL = 20, 340            # MiB of real disk: start and middle; end, with metadata
SLICE = 48                      # MiB of one of many resources
IDLE = 20                       # seconds without I/O
THREADS = "ps -e | wc -l"
SIZE_ROWS = [("create", "create-md s"), ("up", "up s"), ("in_sync", "in sync s"),
             ("resync", "resync of 3 MiB s"), ("down", "down s"), ("mib", "memory MiB")]
NUMBER_ROWS = [("up", "up all s"), ("connected", "all connected s"),
               ("kib", "KiB of memory each"), ("threads", "threads each"),
               ("idle", "idle CPU %"), ("down", "down all s")]


def timed(function, *args, **words):
    started = time.monotonic()
    function(*args, **words)
    return time.monotonic() - started


class Scale:
    """The pair, and what was found."""

    def __init__(self, kernel):
        self.pair = machines.Pair(kernels.debian(kernel), 1)
        self.pair.boot()
        self.c = Cluster([Node(one, one.name, range(len(settings.DISKS)), one.address,
                               one.address6) for one in self.pair.machines])
        self.here, self.there = self.c
        self.disk = self.here.disk(0)
        self.found = {"kernel": self.pair.release, "sizes": [], "numbers": []}
        self.c.load()

    def available(self):
        """KiB of the first machine, caches dropped."""
        self.here.run("sync; echo 3 > /proc/sys/vm/drop_caches")
        return int(self.here.run(["grep", "MemAvailable", "/proc/meminfo"]).out.split()[1])

    def mapped(self, name, table):
        for node in self.c:
            node.run(["dmsetup", "create", name], stdin=table)
        return f"/dev/mapper/{name}"

    def unmapped(self, names):
        for node in self.c:
            node.run(f"for name in {' '.join(names)}; do dmsetup remove --retry $name; "
                     "done", timeout=300)

    # -- one device of a size

    def thin(self, size):
        pieces = [(0, HEAD), (size // 2, HEAD), (size - TAIL * MIB, TAIL)]
        table, at, used = [], 0, 0
        for start, mib in pieces:
            if start > at:
                table.append(f"{at >> 9} {(start - at) >> 9} zero")
            table.append(f"{start >> 9} {mib << 11} linear {self.disk} {used << 11}")
            at, used = start + mib * MIB, used + mib
        return self.mapped("thin", "\n".join(table) + "\n")

    def write(self, size):
        for offset in (0, size // 2, size - TAIL * MIB):
            self.here.run(["dd", "if=/dev/urandom", f"of={self.here.device()}", "bs=64k",
                           "count=16", f"seek={offset >> 16}", "oflag=direct",
                           "conv=fsync,notrunc,nocreat", "status=none"], timeout=120)

    def size(self, size):
        path = self.thin(size)
        self.c.resources = {}
        self.c.configure(self.c.resource(net=settings.HA_NET, backing={
            node.name: path for node in self.c}))
        row = {"size": size, "create": timed(self.here.hadm, "create-md", "--force", "r0")}
        self.there.hadm("create-md", "--force", "r0")
        self.there.hadm("up", "r0")
        before = self.available()
        row["up"] = timed(self.here.hadm, "up", "r0")
        self.c.wait_connected()
        self.c.skip_initial_sync("r0")
        self.c.wait_in_sync()
        row["mib"] = (before - self.available()) / 1024
        self.here.hadm("primary", "r0")
        self.here.hadm("disconnect", "r0")
        self.write(size)
        row["resync"] = timed(self.again)
        self.here.hadm("secondary", "r0")
        row["down"] = timed(self.here.hadm, "down", "r0")
        row["in_sync"] = timed(self.up_again)
        for node in self.c:
            node.hadm("down", "r0")
        self.unmapped(["thin"])
        self.found["sizes"].append(row)

    def again(self):
        self.here.hadm("connect", "r0")
        self.c.wait_in_sync()

    def up_again(self):
        self.here.hadm("up", "r0")
        self.c.wait_in_sync()

    # -- a number of resources

    def number(self, count):
        self.c.resources = {}
        for i in range(count):
            self.mapped(f"slice{i}", f"0 {SLICE << 11} linear {self.disk} "
                        f"{(i * SLICE) << 11}\n")
        self.c.configure("".join(self.c.resource(
            f"r{i}", i, net=settings.HA_NET, backing={
                node.name: f"/dev/mapper/slice{i}" for node in self.c})
            for i in range(count)))
        for node in self.c:
            node.hadm("create-md", "--force", "all", timeout=600)
        self.there.hadm("up", "all", timeout=600)
        before, threads = self.available(), int(self.here.run(THREADS).out)
        started = time.monotonic()
        self.here.hadm("up", "all", timeout=600)
        row = {"number": count, "up": time.monotonic() - started}
        self.c.wait(self.connected, 300, "all connected")
        row["connected"] = time.monotonic() - started
        row["kib"] = (before - self.available()) / count
        row["threads"] = (int(self.here.run(THREADS).out) - threads) / count
        row["idle"] = 100 * self.idle()
        row["down"] = timed(self.here.hadm, "down", "all", timeout=600)
        self.there.hadm("down", "all", timeout=600)
        self.unmapped([f"slice{i}" for i in range(count)])
        self.found["numbers"].append(row)

    def connected(self):
        states = json.loads(self.here.hadm("status", "--json", timeout=60).out)
        return all(one["peers"][0]["connection"] == "Connected" for one in states)

    def idle(self):
        """CPU time of the first machine's QEMU, of the time, that nobody's use is."""
        pid = self.pair.here.process.pid
        before = counters.cpu_seconds(pid)
        time.sleep(IDLE)
        return (counters.cpu_seconds(pid) - before) / IDLE


def words_of(size):
    return f"{size // TIB} TiB" if size >= TIB else f"{size // GIB} GiB"


def table(rows, key, columns, words):
    head = "".join(f"{title:>20}" for _, title in columns)
    return [f"{key:8}{head}"] + [
        f"{words(row[key]):8}" + "".join(f"{row[name]:20.2f}" for name, _ in columns)
        for row in rows]


def text(found):
    lines = [f"Linux {found['kernel']}, two machines with one CPU, one round; without a "
             f"resource {found['idle']:.2f} % CPU", ""]
    lines += table(found["sizes"], "size", SIZE_ROWS, words_of)
    lines += [""] + table(found["numbers"], "number", NUMBER_ROWS, str)
    return "\n".join(lines) + "\n"


def leave(found, document):
    where = ROOT / "build/bench" / ("scale-" + ".".join(found["kernel"].split(".")[:2]))
    where.mkdir(parents=True, exist_ok=True)
    (where / "scale.json").write_text(json.dumps(found, indent=1) + "\n")
    (where / "scale.txt").write_text(text(found))
    print(text(found))
    subprocess.run(["/usr/bin/python3", HERE / "scale_plot.py", where / "scale.json"],
                   check=True)
    if document:
        target = ROOT / "Documentation/performance" / where.name
        target.mkdir(exist_ok=True)
        for file in where.iterdir():
            (target / file.name).write_bytes(file.read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", default="6.12", choices=("6.1", "6.12"))
    parser.add_argument("--document", action="store_true",
                        help="keep the result in Documentation/performance")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scale = Scale(options.kernel)
    try:
        scale.found["idle"] = 100 * scale.idle()
        for size in SIZES:
            scale.size(size)
            print(f"     {words_of(size)}", flush=True)
        for number in NUMBERS:
            scale.number(number)
            print(f"     {number} resources", flush=True)
    finally:
        scale.pair.close()
    leave(scale.found, options.document)


if __name__ == "__main__":
    main()
