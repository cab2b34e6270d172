"""What must be found on the disks after a crash, by the marks of the recorded life."""
# SPDX-License-Identifier: GPL-2.0-only
import mmap
import os

import matrix_life
from matrix_log import BLOCK, MARK

RUN = 256                       # blocks that are read or written at once, at most
NOTHING = bytes(BLOCK)


def runs(numbers):
    """The numbers as ranges, none longer than RUN."""
    found = []
    for number in sorted(numbers):
        if found and number == found[-1].stop and len(found[-1]) < RUN:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


class Oracle:
    """Least and greatest version of each block at each moment."""

    def __init__(self, life):
        self.life, self.known = life, {}

    def versions(self, moment):
        """block -> [newest begun, newest acknowledged, newest made stable]."""
        if moment not in self.known:
            self.known[moment] = self.find(moment)
        return self.known[moment]

    def find(self, moment):
        found, flushing = {}, {}
        for kind, text, _ in self.life.events[:moment]:
            if kind != MARK or text[0] == "=":
                continue
            word, *numbers = text.split()
            if word == "f":
                flushing = {block: v[1] for block, v in found.items()}
            elif word == "F":
                for block, version in flushing.items():
                    found[block][2] = max(found[block][2], version)
            else:
                block, version = map(int, numbers)
                v = found.setdefault(block, [0, 0, 0])
                place = {"w": [0], "d": [0], "W": [1], "D": [1, 2]}[word]
                for i in place:
                    v[i] = version
        return found

    def verify(self, disks, state):
        """The disks are equal, and each block holds a version that it may hold."""
        one, two = disks.read(0), disks.read(2)
        number = one.difference(two)
        if number is not None:
            return f"the replicas differ in block {number}, and are in sync"
        for moment, lossy, note in state.claims:
            problem = self.lost(one, moment, lossy)
            if problem:
                return f"at event {moment} {note}: {problem}"
        return ""

    def lost(self, blocks, moment, lossy):
        for block, (begun, acked, stable) in self.versions(moment).items():
            least = stable if lossy else acked
            content = blocks[block]
            if not any(content == matrix_life.contents(block, v)
                       for v in range(max(least, 1), begun + 1)) and \
                    (least or content != NOTHING):
                return (f"block {block} is none of the versions {least} to {begun}: "
                        f"{content[64:100]}")
        return ""


class Order:
    """What one replica by itself must be, unless it says that it is Inconsistent."""

    def __init__(self, oracle):
        self.oracle = oracle
        self.begun = {}
        for moment, (kind, text, _) in enumerate(oracle.life.events):
            if kind == MARK and text[0] in "wd":
                self.begun[tuple(map(int, text.split()[1:]))] = moment

    @staticmethod
    def version(block, content, last):
        """0: as it was before the first one."""
        return next((v for v in range(last, 0, -1)
                     if content == matrix_life.contents(block, v)), 0)

    def verify(self, blocks, moment):
        """Where a version is, there is all that was flushed before it was begun."""
        found = {block: self.version(block, blocks[block], last)
                 for block, (last, *_) in self.oracle.versions(moment).items()}
        newest = max((self.begun[block, v] for block, v in found.items() if v),
                     default=0)
        for block, (*_, stable) in self.oracle.versions(newest).items():
            if found[block] < stable:
                return (f"block {block} has version {found[block]}, {stable} was "
                        f"flushed before event {newest}, which is there")
        return ""


class Contents:
    """What a disk held when it was read; only numbers of blocks that were touched."""

    def __init__(self, disk, touched):
        self.memory = mmap.mmap(-1, os.lseek(disk, 0, os.SEEK_END))
        self.touched = touched

    def __getitem__(self, number):
        return self.memory[number * BLOCK:(number + 1) * BLOCK]

    def run(self, numbers):
        return memoryview(self.memory)[numbers.start * BLOCK:numbers.stop * BLOCK]

    def difference(self, other):
        """The first block that is another one there, or None."""
        for numbers in self.touched:
            first, last = numbers.start * BLOCK, numbers.stop * BLOCK
            if self.memory[first:last] != other.memory[first:last]:
                return next(n for n in numbers if self[n] != other[n])
        return None


class Restorer:
    """Puts images onto the disks, and reads what became of them. Neighbours at once
    and into memory that stays, for calls and new pages cost more here than a MiB."""

    def __init__(self, disks, life):
        self.fds = [os.open(path, os.O_RDWR | os.O_DIRECT) for path in disks.below]
        self.contents = [Contents(fd, runs({number for write in life.writes[device] + other
                                            for number, _ in write.pairs()}))
                         for device, (fd, other) in
                         enumerate(zip(self.fds, self.others(life)))]

    @staticmethod
    def others(life):
        """Data written at one end may come to the other."""
        return life.writes[2], [], life.writes[0], []

    def restore(self, images):
        for fd, disk, blocks in zip(self.fds, self.contents, images):
            for numbers in disk.touched:
                for number in numbers:
                    disk.memory[number * BLOCK:(number + 1) * BLOCK] = \
                        blocks.get(number, NOTHING)
                self.whole(os.pwritev, fd, disk, numbers)

    def read(self, device):
        disk = self.contents[device]
        for numbers in disk.touched:
            self.whole(os.preadv, self.fds[device], disk, numbers)
        return disk

    @staticmethod
    def whole(call, fd, disk, numbers):
        if call(fd, [disk.run(numbers)], numbers.start * BLOCK) != len(numbers) * BLOCK:
            raise OSError(f"not all of the blocks {numbers}")
