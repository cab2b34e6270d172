"""Reads of a device past the page cache: once, or again and again beside other things."""
# SPDX-License-Identifier: GPL-2.0-only
import mmap
import os
import threading


def read(path, first, length):
    buffer = mmap.mmap(-1, length)
    fd = os.open(path, os.O_RDONLY | os.O_DIRECT)
    try:
        assert os.preadv(fd, [buffer], first) == length, "read less than asked for"
    finally:
        os.close(fd)
    return bytes(buffer)


class Reader(threading.Thread):
    """Begins to read what must not change; stop() fails when it did, or nobody read."""

    def __init__(self, path, length):
        super().__init__(daemon=True)
        self.path, self.length = path, length
        self.expected = read(path, 0, length)
        self.reads, self.wrong, self.going = 0, "", True
        self.start()

    def run(self):
        try:
            while self.going and not self.wrong:
                found = read(self.path, 0, self.length)
                self.reads += 1
                if found != self.expected:
                    at = next(i for i in range(self.length)
                              if found[i] != self.expected[i])
                    self.wrong = f"read {self.reads} is another from byte {at} on"
        except OSError as error:
            self.wrong = str(error)

    def stop(self):
        self.going = False
        self.join(60)
        assert not self.is_alive(), "a read does not end"
        assert self.reads and not self.wrong, self.wrong or "nothing was read"
