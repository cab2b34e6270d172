"""A disk with a volatile write cache that a power cut empties: a small NBD server.

QEMU's own cache modes keep what a killed guest wrote. Here a write stays in memory
until a flush or FUA; lose_power() forgets a random half of what was not flushed.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import random
import socket
import struct
import threading

PAGE = 4096
FIXED_NEWSTYLE, NO_ZEROES = 1, 2
OPT_EXPORT_NAME, OPT_ABORT, OPT_GO = 1, 2, 7
REP_ACK, REP_INFO, REP_ERR_UNSUP = 1, 3, 0x80000001
READ, WRITE, DISCONNECT, FLUSH, TRIM, WRITE_ZEROES = 0, 1, 2, 3, 5, 6
FUA = 1
FLAGS = 1 | 4 | 8 | 32 | 64     # has flags, flush, FUA, trim, write-zeroes
REQUEST = struct.Struct(">IHHQQI")
OPTION_MAGIC, REPLY_MAGIC = 0x3e889045565a9, 0x67446698


class Closed(Exception):
    """The client has gone."""


class VolatileDisk:
    """The file is the medium, the pages are the cache."""

    def __init__(self, image, size, path):
        self.size, self.path = size, path
        self.fd = os.open(image, os.O_RDWR | os.O_CREAT)
        self.pages = {}
        self.lock = threading.Lock()    # protects pages and the file's content
        self.random = random.Random(1)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(1)
        threading.Thread(target=self.serve, daemon=True).start()

    # -- the disk

    def page(self, number):
        data = self.pages.get(number)
        if data is None:
            data = bytearray(os.pread(self.fd, PAGE, number * PAGE).ljust(PAGE, b"\0"))
        return data

    def read(self, offset, length):
        with self.lock:
            first, last = offset // PAGE, (offset + length - 1) // PAGE
            data = b"".join(self.page(n) for n in range(first, last + 1))
        return data[offset - first * PAGE:][:length]

    def write(self, offset, data, stable):
        with self.lock:
            done = 0
            while done < len(data):
                number, start = divmod(offset + done, PAGE)
                part = data[done:done + PAGE - start]
                page = self.page(number)
                page[start:start + len(part)] = part
                self.pages[number] = page
                if stable:
                    self.settle_page(number)
                done += len(part)

    def settle_page(self, number):
        os.pwrite(self.fd, self.pages.pop(number), number * PAGE)

    def settle(self):
        """A flush: all of the cache goes to the medium."""
        with self.lock:
            for number in list(self.pages):
                self.settle_page(number)

    def lose_power(self):
        """Of the cache a random half survives, as if it had just been written."""
        with self.lock:
            for number in sorted(self.pages):
                if self.random.random() < 0.5:
                    self.settle_page(number)
            self.pages.clear()

    # -- the protocol

    def serve(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            try:
                self.negotiate(connection)
                while self.request(connection):
                    pass
            except (Closed, OSError):
                pass
            connection.close()

    def negotiate(self, connection):
        connection.sendall(b"NBDMAGIC" + struct.pack(">QH", 0x49484156454F5054,
                                                     FIXED_NEWSTYLE | NO_ZEROES))
        take(connection, 4)
        while True:
            _, option, length = struct.unpack(">QII", take(connection, 16))
            take(connection, length)
            if option == OPT_EXPORT_NAME:
                connection.sendall(struct.pack(">QH", self.size, FLAGS))
                return
            if option == OPT_GO:
                answer(connection, option, REP_INFO,
                       struct.pack(">HQH", 0, self.size, FLAGS))
                answer(connection, option, REP_ACK)
                return
            answer(connection, option, REP_ERR_UNSUP)
            if option == OPT_ABORT:
                raise Closed

    def request(self, connection):
        _, flags, kind, handle, offset, length = \
            REQUEST.unpack(take(connection, REQUEST.size))
        data = b""
        if kind == DISCONNECT:
            return False
        if kind == READ:
            data = self.read(offset, length)
        elif kind == WRITE:
            self.write(offset, take(connection, length), flags & FUA)
        elif kind in (TRIM, WRITE_ZEROES):
            self.write(offset, bytes(length), flags & FUA)
        elif kind == FLUSH:
            self.settle()
        connection.sendall(struct.pack(">IIQ", REPLY_MAGIC, 0, handle) + data)
        return True

    def close(self):
        self.listener.close()
        os.close(self.fd)


def take(connection, length):
    data = bytearray()
    while len(data) < length:
        part = connection.recv(length - len(data))
        if not part:
            raise Closed
        data += part
    return bytes(data)


def answer(connection, option, kind, data=b""):
    connection.sendall(struct.pack(">QIII", OPTION_MAGIC, option, kind, len(data)) + data)
