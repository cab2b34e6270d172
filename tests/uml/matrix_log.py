"""What was recorded of a life: the writes of four devices and the marks, in one order.

From it follows what a loss of power at any moment may leave on each device.
"""
# SPDX-License-Identifier: GPL-2.0-only
import struct

RECORD = "/sys/kernel/debug/ha-record/"
ENTRY = struct.Struct("<IIQQIIiI")
BLOCK, SECTOR = 4096, 512
BEGUN, ENDED, MARK = range(3)
FLUSH, FUA, ZEROES = 1, 2, 4
NEVER = 1 << 60


def switch(name, value):
    with open(RECORD + name, "w", encoding="ascii") as file:
        file.write(str(value))


def mark(text):
    with open(RECORD + "log", "w", encoding="ascii") as file:
        file.write(text)


class Write:
    """A write or flush; begun and ended are places in the log."""

    def __init__(self, device, begun, sector, count, flags, data):
        self.device, self.begun, self.ended = device, begun, NEVER
        self.block, self.blocks = sector * SECTOR // BLOCK, count // BLOCK
        self.flags, self.failed = flags, False
        self.parts = [data[i:i + BLOCK] if data else bytes(BLOCK)
                      for i in range(0, count, BLOCK)]
        self.stable = NEVER     # from when on no loss of power takes it back
        if (sector * SECTOR) % BLOCK or count % BLOCK:
            raise ValueError(f"not whole blocks: {sector}+{count}")

    def pairs(self):
        return zip(range(self.block, self.block + self.blocks), self.parts)


class Log:
    """events: (kind, device or text, Write); writes: per device, in order of begin."""

    def __init__(self, raw, devices):
        self.events, self.writes = [], [[] for _ in range(devices)]
        self._parse(raw)
        for writes in self.writes:
            self._settle(writes)

    def _parse(self, raw):
        at, known = 0, {}
        while at < len(raw):
            kind, device, number, sector, count, flags, error, follows = \
                ENTRY.unpack_from(raw, at)
            data = raw[at + ENTRY.size:at + ENTRY.size + follows]
            at += (ENTRY.size + follows + 7) // 8 * 8
            here = len(self.events)
            if kind == MARK:
                self.events.append((kind, data.decode(), None))
                continue
            if kind == BEGUN:
                known[number] = Write(device, here, sector, count, flags, data)
                self.writes[device].append(known[number])
            elif number in known:
                known[number].ended, known[number].failed = here, bool(error)
            else:
                continue
            self.events.append((kind, device, known[number]))

    @staticmethod
    def _settle(writes):
        """A flush makes stable what had ended when it was begun."""
        flushes = [w for w in writes if w.flags & FLUSH and w.ended < NEVER]
        for write in writes:
            if write.flags & FUA:
                write.stable = write.ended
            for flush in flushes:
                if flush.begun > write.ended:
                    write.stable = min(write.stable, flush.ended)

    def marks(self):
        return [(place, text) for place, (kind, text, _) in enumerate(self.events)
                if kind == MARK]

    def step(self, moment):
        """The step of the life that a moment lies in, with blanks as dashes."""
        return next((text[2:].replace(" ", "-") for place, text in
                     reversed(self.marks()) if place < moment and text[0] == "="), "")

    def at(self, device, moment):
        """Writes stable, in the cache, and under way at a moment (before event)."""
        stable, cached, flying = [], [], []
        for write in self.writes[device]:
            if write.begun >= moment:
                break
            if not write.blocks or write.failed:
                continue
            (stable if write.stable < moment else
             cached if write.ended < moment else flying).append(write)
        return stable, cached, flying


def image(base, writes, torn=None):
    """Blocks of a device after these writes; torn: (write, sectors that are new)."""
    blocks = dict(base)
    for write in sorted(writes, key=lambda w: (w.ended, w.begun)):
        for number, part in write.pairs():
            if torn and torn[0] is write:
                cut = torn[1] * SECTOR
                part = part[:cut] + blocks.get(number, bytes(BLOCK))[cut:]
            blocks[number] = part
    return blocks


def record():
    """All that was recorded so far."""
    with open(RECORD + "overrun", encoding="ascii") as file:
        if file.read().strip() != "0":
            raise MemoryError("the log of the recording device is full")
    with open(RECORD + "log", "rb") as file:
        return file.read()
