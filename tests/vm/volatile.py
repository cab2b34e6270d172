"""Disks with a volatile write cache that a power cut empties: a small NBD server.

QEMU's own cache modes keep what a killed guest wrote. Here a write stays in memory
until a flush or FUA. When the power goes, each page that was not flushed is lost, or
survives in one of the versions it had since, or is torn between them by the sector: a
cache writes back in the order it likes. All of that follows from a seed.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import random
import socket
import struct
import threading
import time

PAGE, SECTOR = 4096, 512
LIMIT = 8192                    # page versions a cache holds before it writes back
FIXED_NEWSTYLE, NO_ZEROES = 1, 2
OPT_EXPORT_NAME, OPT_ABORT, OPT_GO = 1, 2, 7
REP_ACK, REP_INFO, REP_ERR_UNSUP = 1, 3, 0x80000001
READ, WRITE, DISCONNECT, FLUSH, TRIM, WRITE_ZEROES = 0, 1, 2, 3, 5, 6
FUA = 1
FLAGS = 1 | 4 | 8 | 32 | 64     # has flags, flush, FUA, trim, write-zeroes
REQUEST = struct.Struct(">IHHQQI")
OPTION_MAGIC, REPLY_MAGIC = 0x3e889045565a9, 0x67446698
EIO = 5


class Closed(Exception):
    """The client has gone."""


class Cache:
    """The file is the medium; of each page that is not on it, all versions since."""

    def __init__(self, image, size, seed=1):
        self.size = size
        self.fd = os.open(image, os.O_RDWR | os.O_CREAT)
        os.ftruncate(self.fd, size)
        self.pages = {}                 # number -> [(sequence, bytes)], oldest first
        self.lock = threading.Lock()    # protects pages and the file's content
        self.random = random.Random(seed)
        self.sequence = self.versions = 0
        self.flush_delay = 0            # seconds
        self.dead = False
        self.failing = threading.Event()    # dead, and it shows
        self.moving = threading.Event()     # it does not hang
        self.moving.set()

    def page(self, number):
        versions = self.pages.get(number)
        return versions[-1][1] if versions else self.medium(number)

    def medium(self, number):
        return os.pread(self.fd, PAGE, number * PAGE).ljust(PAGE, b"\0")

    def read(self, offset, length):
        with self.lock:
            first, last = offset // PAGE, (offset + length - 1) // PAGE
            data = b"".join(self.page(n) for n in range(first, last + 1))
        return data[offset - first * PAGE:][:length]

    def copy(self, path, length):
        """What a reader would find, as a file."""
        with self.lock:
            data = bytearray(os.pread(self.fd, length, 0))
            for number, versions in self.pages.items():
                if number * PAGE < length:
                    data[number * PAGE:(number + 1) * PAGE] = versions[-1][1]
        with open(path, "wb") as file:
            file.write(data[:length])

    def write(self, offset, data, stable):
        with self.lock:
            self.sequence += 1
            done = 0
            while done < len(data):
                number, start = divmod(offset + done, PAGE)
                part = data[done:done + PAGE - start]
                if len(part) < PAGE:
                    old = self.page(number)
                    part = old[:start] + part + old[start + len(part):]
                done += PAGE - start
                if stable:
                    self.forget(number)
                    os.pwrite(self.fd, part, number * PAGE)
                else:
                    self.pages.setdefault(number, []).append((self.sequence, part))
                    self.versions += 1
            if self.versions > LIMIT:
                self.write_back()

    def forget(self, number):
        self.versions -= len(self.pages.pop(number, ()))

    def write_back(self):
        """A full cache: a random half of it goes to the medium."""
        for number in list(self.pages):
            if self.random.random() < 0.5:
                os.pwrite(self.fd, self.page(number), number * PAGE)
                self.forget(number)

    def settle(self, upto=None):
        """A flush: what was written up to a moment goes to the medium."""
        with self.lock:
            for number, versions in list(self.pages.items()):
                old = [v for v in versions if upto is None or v[0] <= upto]
                if old:
                    os.pwrite(self.fd, old[-1][1], number * PAGE)
                    self.versions -= len(old)
                    del versions[:len(old)]
                if not versions:
                    del self.pages[number]

    def die(self):
        """From now on nothing ends; after fail() it ends with an error."""
        self.failing.clear()
        self.dead = True

    def fail(self):
        self.failing.set()

    def hang(self, on):
        """Requests wait, and are carried out when it hangs no more."""
        if on:
            self.moving.clear()
        else:
            self.moving.set()

    def lose_power(self):
        """What was not flushed is lost or kept, how many pages of it; then it is on again."""
        with self.lock:
            share, lost, kept = self.random.choice((0, 0.1, 0.5, 0.5, 0.9)), 0, 0
            for number in sorted(self.pages):
                if self.random.random() < share:
                    kept += 1
                    os.pwrite(self.fd, self.survivor(number), number * PAGE)
                else:
                    lost += 1
            self.pages.clear()
            self.versions = 0
            self.dead = False
            return lost, kept

    def survivor(self, number):
        texts = [text for _, text in self.pages[number]]
        if self.random.random() < 0.95:
            return self.random.choice(texts)
        texts.append(self.medium(number))
        return b"".join(self.random.choice(texts)[at:at + SECTOR]
                        for at in range(0, PAGE, SECTOR))

    def close(self):
        os.close(self.fd)


class Client:
    """One NBD connection to a cache: requests and answers."""

    def __init__(self, cache, connection):
        self.cache, self.connection = cache, connection
        self.lock = threading.Lock()    # one answer at a time

    def negotiate(self):
        self.connection.sendall(b"NBDMAGIC" + struct.pack(
            ">QH", 0x49484156454F5054, FIXED_NEWSTYLE | NO_ZEROES))
        self.take(4)
        while True:
            _, option, length = struct.unpack(">QII", self.take(16))
            self.take(length)
            if option == OPT_EXPORT_NAME:
                self.connection.sendall(struct.pack(">QH", self.cache.size, FLAGS))
                return
            if option == OPT_GO:
                self.agree(option, REP_INFO,
                           struct.pack(">HQH", 0, self.cache.size, FLAGS))
                self.agree(option, REP_ACK)
                return
            self.agree(option, REP_ERR_UNSUP)
            if option == OPT_ABORT:
                raise Closed

    def agree(self, option, kind, data=b""):
        self.connection.sendall(struct.pack(">QIII", OPTION_MAGIC, option, kind,
                                            len(data)) + data)

    def serve(self):
        """Until the client goes; False from a request ends it."""
        try:
            while self.request():
                pass
        except (Closed, OSError):
            pass
        self.connection.close()

    def request(self):
        _, flags, kind, handle, offset, length = \
            REQUEST.unpack(self.take(REQUEST.size))
        data = self.take(length) if kind == WRITE else b""
        if kind == DISCONNECT:
            return False
        if kind == FLUSH and self.cache.flush_delay:
            threading.Thread(target=self.slow_flush, daemon=True,
                             args=(handle, self.cache.sequence)).start()
        else:
            self.carry_out(kind, flags, handle, offset, length, data)
        return True

    def carry_out(self, kind, flags, handle, offset, length, data):
        cache = self.cache
        cache.moving.wait()
        if cache.dead:
            cache.failing.wait()
            return self.answer(handle, EIO)
        if kind == READ:
            return self.answer(handle, 0, cache.read(offset, length))
        if kind == FLUSH:
            cache.settle()
        elif kind in (WRITE, TRIM, WRITE_ZEROES):
            cache.write(offset, data or bytes(length), flags & FUA)
        return self.answer(handle, 0)

    def slow_flush(self, handle, upto):
        """What was written before it came, and a while later."""
        time.sleep(self.cache.flush_delay)
        error = EIO if self.cache.dead else 0
        if error:
            self.cache.failing.wait()
        else:
            self.cache.settle(upto)
        try:
            self.answer(handle, error)
        except OSError:
            pass                        # the client has gone

    def answer(self, handle, error, data=b""):
        with self.lock:
            self.connection.sendall(struct.pack(">IIQ", REPLY_MAGIC, error, handle) +
                                    data)

    def take(self, length):
        data = bytearray()
        while len(data) < length:
            part = self.connection.recv(length - len(data))
            if not part:
                raise Closed
            data += part
        return bytes(data)


class VolatileDisk(Cache):
    """A cache with a unix socket that QEMU connects to."""

    def __init__(self, image, size, path, seed=1):
        super().__init__(image, size, seed)
        self.idle = threading.Event()       # no client, and none of its requests
        self.idle.set()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(1)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client = Client(self, self.listener.accept()[0])
            except OSError:
                return
            self.idle.clear()
            try:
                client.negotiate()
                client.serve()
            except (Closed, OSError):
                client.connection.close()
            self.idle.set()

    def close(self):
        self.listener.close()
        super().close()


class VolatileDisks:
    """Those of one machine: they lose power together."""

    def __init__(self, disks):
        self.disks = disks

    def settle(self):
        for disk in self.disks:
            disk.settle()

    def state(self):
        """For who wonders why a machine does not go on."""
        return ", ".join(("no client" if disk.idle.is_set() else "in use") +
                         (", without power" if disk.dead else "") +
                         (", hanging" if not disk.moving.is_set() else "")
                         for disk in self.disks)

    def die(self):
        """The moment the power goes: no I/O ends any more."""
        for disk in self.disks:
            disk.die()

    def lose_power(self):
        """Their machine is gone; pages lost, and pages kept or torn."""
        for disk in self.disks:
            disk.fail()
            if not disk.idle.wait(30):
                raise RuntimeError("a killed machine has its disk open")
        return [sum(pages) for pages in zip(*(disk.lose_power() for disk in self.disks))]

    def slow_flush(self, seconds):
        for disk in self.disks:
            disk.flush_delay = seconds

    def close(self):
        for disk in self.disks:
            disk.close()
