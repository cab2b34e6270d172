"""Metadata blocks of a recorded life, damaged one at a time.

"damaged" is what a checksum can see. "stale" is an older version of the same block: of
a superblock it must be harmless, for the other copy is newer; of a bitmap or the intent
log it is a write that the disk confirmed and lost, which nothing on the disk can tell.
"""
# SPDX-License-Identifier: GPL-2.0-only
import struct

from matrix_log import BLOCK, SECTOR

META = (1, 3)
MOMENTS = 8
MAGIC, SUPER, BITMAP = 0x4d414868, 1, 2
HEAD = struct.Struct("<IHHQQII")


def head(content):
    """(area, slot, number) of a metadata block, or None."""
    magic, area, slot, number, *_ = HEAD.unpack_from(content)
    return (area, slot, number) if magic == MAGIC else None


class Damage:
    """Adds images to the states."""

    def __init__(self, states, random):
        self.states, self.random = states, random

    def all(self):
        first, last = self.states.sure, len(self.states.life.events)
        for moment in sorted(self.random.sample(range(first, last), MOMENTS)):
            for device in META:
                self.device(moment, device)

    def device(self, moment, device):
        blocks = self.states.images(moment)[device]
        used = {n: content for n, content in blocks.items()
                if head(content) and not (head(content)[0] == BITMAP and
                                          head(content)[1] > 1)}
        for number, content in used.items():
            for name, damaged in self.ways(content, used):
                self.add("damaged", moment, device, number, damaged, name)
            self.stale(moment, device, number, content)

    def ways(self, content, others):
        at, bit = self.random.randrange(BLOCK), 1 << self.random.randrange(8)
        yield f"bit {bit} of byte {at}", \
            content[:at] + bytes([content[at] ^ bit]) + content[at + 1:]
        at = self.random.randrange(BLOCK // SECTOR) * SECTOR
        yield f"garbage in sector {at // SECTOR}", \
            content[:at] + self.random.randbytes(SECTOR) + content[at + SECTOR:]
        other = self.random.choice([c for c in others.values() if c is not content])
        yield f"block {head(other)}", other
        yield "zeroes", bytes(BLOCK)

    def stale(self, moment, device, number, content):
        older = [part for write in self.states.life.writes[device]
                 if write.ended < moment for n, part in write.pairs()
                 if n == number and part != content]
        if not older:
            return
        kind = "stale superblock" if head(content)[0] == SUPER else "stale log"
        self.add(kind, moment, device, number, self.random.choice(older[-4:]), "older")

    def add(self, kind, moment, device, number, content, note):
        images = self.states.images(moment)
        area = head(images[device][number])
        images[device] = {**images[device], number: content}
        self.states.add(kind, moment, images, False,
                        f"device {device}, block {area}: {note}", True)
