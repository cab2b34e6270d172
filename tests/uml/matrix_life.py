"""The life that is recorded: a pair, its writes, and a mark at each acknowledgement.

Marks: "w BLOCK VERSION" a write begins, "W ..." it was acknowledged; "f", "F" the same
of a flush; "d", "D" of a write that is its own flush; "= TEXT" a step begins.
"""
# SPDX-License-Identifier: GPL-2.0-only
import hashlib
import mmap
import os

import matrix_late
import matrix_log
from cluster import NET

BLOCK, REGION = 4096, 4 << 20
DATA, META = 4 * REGION, 2 << 20
PARTS = ["alone", "idle", "late", "source_alone", "broken", "other_way"]


def contents(block, version):
    head = f"block {block} version {version} ".encode()
    return (hashlib.shake_128(head).digest(64) + head.ljust(64)) * (BLOCK // 128)


class Disks:
    """Four devices over RAM disks: data and metadata of node1, then of node2."""

    def __init__(self, cluster, data=DATA):
        self.below, self.names = [], []
        for node in cluster:
            for index, size, kind in ((0, data, "data"), (2, META, "meta")):
                name = f"{node.name}-{kind}"
                node.run(["dmsetup", "create", name, "--table",
                          f"0 {size // 512} record {node.disk(index)} "
                          f"{len(self.below)}"])
                self.names.append("/dev/mapper/" + name)
                self.below.append(node.disk(index))

    def clear(self, cluster):
        for disk in self.below:
            cluster[0].run(["blkdiscard", "-f", "-z", disk])

    def text(self, cluster):
        net = " ".join(f"{key} {value};" for key, value in NET.items())
        ends = "".join(
            f"  on {node.name} {{ device {node.device()}; disk {self.names[2 * i]}; "
            f"meta-disk {self.names[2 * i + 1]}; address {node.address}:7788; }}\n"
            for i, node in enumerate(cluster))
        return (f'resource r0 {{\n  net {{ shared-secret "s3cret"; {net} }}\n'
                f"  disk {{ resync-rate 0; }}\n{ends}}}\n")


class Writer:
    """Writes to the device of the Primary of the moment, one after the other."""

    def __init__(self, random):
        self.random, self.version = random, {}
        self.buffer = mmap.mmap(-1, BLOCK)
        self.fd = None

    def open(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_DIRECT)

    def close(self):
        os.close(self.fd)

    def write(self, region, own_flush=False):
        """To one of few blocks of a region, so that blocks are written again."""
        block = (region * REGION) // BLOCK + self.random.randrange(6) * 97
        version = self.version[block] = self.version.get(block, 0) + 1
        self.buffer[:] = contents(block, version)
        words = "dD" if own_flush else "wW"
        matrix_log.mark(f"{words[0]} {block} {version}")
        os.pwritev(self.fd, [self.buffer], block * BLOCK,
                   os.RWF_DSYNC if own_flush else 0)
        matrix_log.mark(f"{words[1]} {block} {version}")

    def writes(self, regions, count=2):
        for region in regions:
            for _ in range(count):
                self.write(region)

    def flush(self):
        matrix_log.mark("f")
        os.fsync(self.fd)
        matrix_log.mark("F")


class Life(matrix_late.Late):
    """Both ends are called by their number; the Primary is the one that is opened."""

    def __init__(self, cluster, disks, random):
        self.c, self.disks, self.random = cluster, disks, random
        self.writer = Writer(random)

    def step(self, text):
        matrix_log.mark("= " + text)

    def primary(self, number, *words):
        self.step(f"promote {number}")
        self.c[number].hadm("primary", *words, "r0")
        self.writer.open(self.c[number].device())

    def secondary(self, number):
        self.step(f"demote {number}")
        self.writer.close()
        self.pretend_flush(self.c[number].hadm, "secondary", "r0")

    def fill(self, path):
        """Data that only one end has; a full sync brings it to the other."""
        self.writer.open(path)
        for block in range(13, DATA // BLOCK, 97):
            self.writer.buffer[:] = self.random.randbytes(BLOCK)
            os.pwritev(self.writer.fd, [self.writer.buffer], block * BLOCK)
        self.writer.close()

    def begin(self, full):
        if full:
            self.fill(self.disks.names[0])
        self.step("create")
        self.c.create()
        self.step("attach and connect")
        self.c.up()
        self.c.wait_connected()
        self.step("begin")
        if full:
            self.primary(0, "--force")
            self.writer.writes([0, 1])
            self.writer.flush()
        else:
            self.c[0].hadm("skip-initial-sync", "r0")
        self.c.wait_in_sync()
        if not full:
            self.primary(0)
        self.step("in sync")

    def connected(self):
        self.writer.writes([0, 1, 2])
        self.writer.flush()
        self.writer.writes([0, 3])
        self.writer.write(1, own_flush=True)
        self.writer.writes([2])

    def alone(self):
        self.step("link cut")
        self.link("down")
        self.pretend_flush(self.writer.writes, [1])
        self.writer.writes([3])
        self.writer.flush()
        self.writer.writes([0])
        self.step("link whole")
        self.link("up")
        self.writer.writes([0, 2], 1)
        self.c.wait_in_sync()
        self.step("in sync again")
        self.writer.writes([1, 2])
        self.writer.flush()

    def other_way(self):
        """The other end is Primary, loses its peer by command, and goes back."""
        self.secondary(0)
        self.primary(1)
        self.writer.writes([0, 1])
        self.writer.flush()
        self.writer.writes([2])
        self.step("disconnect")
        self.c[1].hadm("disconnect", "r0")
        self.pretend_flush(self.writer.writes, [1])
        self.writer.writes([1, 3])
        self.writer.flush()
        self.step("connect")
        self.c[1].hadm("connect", "r0")
        self.c.wait_in_sync()
        self.writer.writes([2])
        self.secondary(1)

    def end(self):
        self.step("detach")
        for node in self.c:
            node.hadm("detach", "r0")
        for node in self.c:
            node.hadm("down", "r0")
        self.step("end")

    def live(self, full=False, parts=PARTS):
        self.begin(full)
        self.connected()
        for part in parts:
            getattr(self, part)()
        if "other_way" not in parts:    # which ends with two Secondaries
            self.secondary(0)
        self.end()

