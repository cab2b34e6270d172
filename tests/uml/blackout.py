"""Disks of this kernel whose power can be cut: the server of tests/vm/volatile.py.

It is a process of its own behind /dev/nbdN, one for all disks, so that a cut is one
moment for as many of them as lose power together. Orders go to it by a pipe.
"""
# SPDX-License-Identifier: GPL-2.0-only
import fcntl
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import threading

import guest            # first: it says where the modules of tests/vm are
import volatile

MIB = 1 << 20
SET_SOCK, SET_BLKSIZE, DO_IT, CLEAR_SOCK = 0xab00, 0xab01, 0xab03, 0xab04
SIZE_BLOCKS, DISCONNECT, SET_FLAGS = 0xab07, 0xab08, 0xab0a
BLKFLSBUF, BLKZEROOUT = 0x1261, 0x127f
IMAGES = pathlib.Path("/tmp/blackout")


class Served:
    """In the server: one disk and the kernel's end of it."""

    def __init__(self, number, size):
        self.cache = volatile.Cache(IMAGES / str(number), size)
        ours, kernels = socket.socketpair()
        device = os.open(f"/dev/nbd{number}", os.O_RDWR)
        for order, value in ((SET_SOCK, kernels.fileno()), (SET_BLKSIZE, 512),
                             (SIZE_BLOCKS, size // 512),
                             (SET_FLAGS, volatile.FLAGS)):
            fcntl.ioctl(device, order, value)
        self.kernels = kernels          # open as long as the device is
        threading.Thread(target=volatile.Client(self.cache, ours).serve,
                         daemon=True).start()
        threading.Thread(target=fcntl.ioctl, args=(device, DO_IT), daemon=True).start()


class Server:
    """Carries out orders, one JSON line each, and answers each with one."""

    def __init__(self, sizes):
        IMAGES.mkdir(exist_ok=True)
        self.disks = [Served(number, size) for number, size in enumerate(sizes)]

    def run(self):
        for line in sys.stdin:
            order = json.loads(line)
            caches = [self.disks[number].cache for number in order["disks"]]
            print(json.dumps(getattr(self, order["order"])(caches, order)), flush=True)

    def cut(self, caches, _):
        for cache in caches:
            cache.die()

    def fail(self, caches, _):
        for cache in caches:
            cache.fail()

    def hang(self, caches, order):
        for cache in caches:
            cache.hang(order["on"])

    def restore(self, caches, order):
        chance = random.Random(order["seed"])
        for cache in caches:
            cache.random.seed(chance.randrange(1 << 30))
        return [sum(pages) for pages in zip(*(cache.lose_power() for cache in caches))]

    def show(self, caches, order):
        """What a disk holds, as a file: many requests are one order."""
        caches[0].copy(IMAGES / "shown", order["length"])

    def delay(self, caches, order):
        for cache in caches:
            cache.flush_delay = order["milliseconds"] / 1000


class Disks:
    """For the tests: numbered disks, and the orders to their server."""

    def __init__(self, kernel, sizes):
        kernel.run("[ -b /dev/nbd0 ] || modprobe nbd 2>/dev/null || "
                   "insmod $HA_DRIVERS/nbd.ko")
        self.sizes = sizes
        self.server = subprocess.Popen([sys.executable, __file__,
                                        *(str(size) for size in sizes)], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.order("delay", range(len(sizes)), milliseconds=0)      # it is there

    def order(self, order, disks, **words):
        words.update(order=order, disks=list(disks))
        self.server.stdin.write(json.dumps(words) + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())

    def path(self, number):
        return f"/dev/nbd{number}"

    def cut(self, disks):
        """The moment the power goes: no I/O ends on any of them."""
        self.order("cut", disks)

    def fail(self, disks):
        """What was waiting, and all that comes, fails."""
        self.order("fail", disks)

    def restore(self, disks, seed):
        """Power is there again; what the page cache of the device knew is not."""
        totals = self.order("restore", disks, seed=seed)
        for number in disks:
            fd = os.open(self.path(number), os.O_RDONLY)
            fcntl.ioctl(fd, BLKFLSBUF, 0)
            os.close(fd)
        return totals

    def zero(self, number):
        fd = os.open(self.path(number), os.O_RDWR)
        fcntl.ioctl(fd, BLKZEROOUT, struct.pack("QQ", 0, self.sizes[number]))
        os.close(fd)

    def hang(self, disks, on):
        """Nothing ends until they are let go; then all of it ends well."""
        self.order("hang", disks, on=on)

    def slow_flush(self, disks, milliseconds):
        self.order("delay", disks, milliseconds=milliseconds)

    def read(self, number, length):
        """What the disk holds, past the page cache."""
        self.order("show", [number], length=length)
        return (IMAGES / "shown").read_bytes()

    def close(self):
        for number in range(len(self.sizes)):
            fd = os.open(self.path(number), os.O_RDWR)
            fcntl.ioctl(fd, DISCONNECT, 0)
            os.close(fd)
        self.server.stdin.close()
        self.server.wait(20)


if __name__ == "__main__":
    assert guest.CHECKOUT
    Server([int(size) for size in sys.argv[1:]]).run()
