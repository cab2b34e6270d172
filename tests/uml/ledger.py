"""What each block of a device may hold: the book that the power rounds are checked by.

A block holds one of the writes that were begun since the book was opened, and none that
is older than the last one it must have; each sector by itself, for a page may be torn.
"""
# SPDX-License-Identifier: GPL-2.0-only
import load

BLOCK, SECTOR = load.BLOCK, 512


class Lost(Exception):
    """A disk does not hold what it must, or holds what nobody wrote."""


class Ledger:
    """Opened on the content of replicas that are in sync."""

    def __init__(self, content):
        self.content = content
        self.versions = {}      # block -> [(seed, worker, number)], oldest first
        self.least = {}         # block -> index into them of what must be there
        self.stable = {}        # the same, of what has been flushed

    def enter(self, writer, reports, flushed):
        """Add a load: what of it is due, by its reports so far; all that was begun."""
        stable = load.reached(reports, True)
        due = stable if flushed else load.reached(reports, False)
        begun = load.reached(writer.reports(), False)
        for worker in range(writer.workers):
            for number in range(1, begun.get(worker, 0) + 2):
                block = load.block_of(writer.seed, worker, writer.workers, number,
                                      writer.blocks)
                versions = self.versions.setdefault(block, [])
                versions.append((writer.seed, worker, number))
                if number <= due.get(worker, 0):
                    self.least[block] = len(versions) - 1
                if number <= stable.get(worker, 0):
                    self.stable[block] = len(versions) - 1

    def copy(self):
        """For a question about a load that goes on."""
        other = Ledger(self.content)
        other.versions = {block: list(known) for block, known in self.versions.items()}
        other.least, other.stable = dict(self.least), dict(self.stable)
        return other

    def both_failed(self):
        """No more is due than what was flushed."""
        self.least = dict(self.stable)

    def all_flushed(self):
        self.stable = dict(self.least)

    def candidates(self, block):
        least = self.least.get(block, -1)
        texts = [load.contents(seed, worker, number, block)
                 for seed, worker, number in self.versions[block][max(least, 0):]]
        if least < 0:
            texts.append(self.content[block * BLOCK:(block + 1) * BLOCK])
        return texts

    def check(self, content, where, first=0):
        """Every block of content, which begins with this one, may be there."""
        wrong = []
        for block in range(first, first + len(content) // BLOCK):
            found = content[(block - first) * BLOCK:(block - first + 1) * BLOCK]
            if block not in self.versions:
                if found != self.content[block * BLOCK:(block + 1) * BLOCK]:
                    wrong.append(f"{block} changed, nobody wrote there")
                continue
            texts = self.candidates(block)
            if found not in texts and not torn(found, texts):
                wrong.append(self.describe(block, found))
        if wrong:
            raise Lost(f"{where}: {len(wrong)} blocks wrong, first: block {wrong[0]}")

    def describe(self, block, found):
        worker, number, place = load.HEAD.unpack(found[:load.HEAD.size])
        least = self.least.get(block, -1)
        return (f"{block} holds write {number} of worker {worker} for block {place}; "
                f"known are {self.versions[block]}, due is number {least} of them")


def torn(found, texts):
    return all(any(found[at:at + SECTOR] == text[at:at + SECTOR] for text in texts)
               for at in range(0, BLOCK, SECTOR))
