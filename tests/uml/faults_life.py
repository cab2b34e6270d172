"""A short life of a pair that goes on after errors, and what must hold after it.

It knows which writes were acknowledged. An error must be one that names its cause.
"""
# SPDX-License-Identifier: GPL-2.0-only
import errno
import fcntl
import mmap
import os
import struct
import time

import ends as both
import matrix_life
from netlink import Refused

BLOCK = 4096
DATA = 5 << 20                  # one region and a part of one
PLACES = [0, 1, 7, 300, 600, 1023, 1024, 1279]
BLKZEROOUT = 0x127f
SPEAKING = (errno.ENOMEM, errno.ENOBUFS)        # errors that need no further words
ZEROED = -1


class Broken(Exception):
    """Something that must hold does not."""


class Device:
    """The device of one end; what each block may hold."""

    def __init__(self, path, may):
        self.path, self.may, self.fd = path, may, None
        self.buffer = mmap.mmap(-1, BLOCK)

    def open(self):
        self.fd = os.open(self.path, os.O_RDWR | os.O_DIRECT)

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
        self.fd = None

    def write(self, block):
        """Once acknowledged, only this version; until then, or after an error, any."""
        version = 1 + max([v for v in self.may.setdefault(block, {0}) if v > 0] or [0])
        self.may[block].add(version)
        self.buffer[:] = matrix_life.contents(block, version)
        os.pwritev(self.fd, [self.buffer], block * BLOCK)
        self.may[block] = {version}

    def zero(self, block):
        self.may.setdefault(block, {0}).add(ZEROED)
        fcntl.ioctl(self.fd, BLKZEROOUT, struct.pack("<QQ", block * BLOCK, BLOCK))
        self.may[block] = {ZEROED}

    def flush(self):
        os.fsync(self.fd)

    def read(self, block):
        os.preadv(self.fd, [self.buffer], block * BLOCK)


class Life:
    """Steps that may fail; errors keeps what they said."""

    def __init__(self, ends):
        self.ends, self.may, self.errors = ends, {}, []
        self.devices = [Device(end.node.device(), self.may) for end in ends]

    def attempt(self, function, *args, **words):
        try:
            function(*args, **words)
        except Refused as error:
            if not error.reason and error.errno not in SPEAKING:
                raise Broken(f"{args[:1]} is refused without a reason: {error}") from None
            self.errors.append(str(error))
            return False
        except OSError as error:
            self.errors.append(str(error))
            return False
        return True

    def ask(self, number, command, **words):
        return self.attempt(self.ends[number].ask, command, **words)

    def bring_up(self, number):
        end = self.ends[number]
        for command, words in [*end.up_to_attach(), end.attach(), end.connect()]:
            self.ask(number, command, **words)

    def settle(self, seconds=3):
        """Wait for both in sync, not for ever: with a fault that may not come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            views = [one.view() for one in self.ends]
            if all(view and view.in_sync() for view in views):
                return True
            if any(not view or not view.disk for view in views):
                return False
            time.sleep(0.05)
        return False

    def writes(self, device):
        for block in PLACES:
            self.attempt(device.write, block)
        self.attempt(device.flush)
        self.attempt(device.zero, PLACES[1])
        self.attempt(device.write, PLACES[2])
        self.attempt(device.read, PLACES[0])

    def resynced(self, disks):
        """Before another resync would mend what this one got wrong."""
        if self.settle():
            self.verify(disks)

    def live(self, disks):
        """Up, Primary, writes with and without the peer, resync, demote, detach."""
        peer = {"peer": {"node_id": 1}}
        for number in (0, 1):
            self.bring_up(number)
        self.settle()
        if self.ask(0, "primary") and self.attempt(self.devices[0].open):
            self.writes(self.devices[0])
            self.ask(0, "disconnect", **peer)
            self.writes(self.devices[0])
            self.ask(0, "connect", **peer)
            self.resynced(disks)
            self.attempt(self.devices[0].write, PLACES[3])
            self.devices[0].close()
        self.ask(0, "secondary")
        self.ask(1, "detach")
        self.ask(1, "attach", **self.ends[1].attach()[1])
        self.resynced(disks)
        self.ask(1, "invalidate")
        self.settle()

    def down(self):
        """Must work whatever happened before."""
        for device in self.devices:
            device.close()
        for end in self.ends:
            end.down()

    def together(self, seconds=15):
        """Whatever failed: two ends that were told to connect do, without going down."""
        end = time.monotonic() + seconds
        while True:
            views = [one.view() for one in self.ends]
            if not all(views) or any(view.alone() for view in views) or \
                    all(view.connected() for view in views):
                return
            if time.monotonic() > end:
                raise Broken(f"not connected again: {[view.reason for view in views]}")
            time.sleep(0.05)

    def recover(self):
        """Down and up again without a fault: in sync, with what was acknowledged."""
        self.down()
        outcome = both.meet(self.ends)
        if outcome != "in sync":
            raise Broken(f"after it the pair does not come in sync: {outcome}")
        self.down()

    def verify(self, disks):
        for block, versions in self.may.items():
            content = disks.read_block(0, block)
            if content != disks.read_block(2, block):
                raise Broken(f"the replicas differ in block {block}")
            allowed = [matrix_life.contents(block, v) if v > 0 else bytes(BLOCK)
                       for v in versions]
            if content not in allowed:
                raise Broken(f"block {block} is none of the versions {versions}")
