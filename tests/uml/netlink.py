"""The module's netlink interface in one process: no program is started for a request.

Names and numbers are read from the header. A request can be made to meet a failing
allocation: its nth in the kernel fails (Documentation/fault-injection of the kernel).
"""
# SPDX-License-Identifier: GPL-2.0-only
import ctypes
import os
import re
import socket
import struct

import guest

HEADER = guest.CHECKOUT / "include" / "uapi" / "linux" / "ha.h"
NTH = "/proc/thread-self/fail-nth"
CLONE_NEWNET, NETLINK_GENERIC, NETLINK_EXT_ACK, SOL_NETLINK = 0x40000000, 16, 11, 270
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE, CONTROL, NESTED = 2, 3, 16, 0x8000
HEAD, GENL, ATTR = struct.Struct("<IHHII"), struct.Struct("<BBH"), struct.Struct("<HH")


def numbers():
    found, value = {}, 0
    for line in HEADER.read_text().splitlines():
        if line.startswith("enum"):
            value = 0
        elif match := re.match(r"\t(HA_\w+)(?: = (\d+))?,", line):
            value = int(match[2] or value)
            found[match[1]] = value
            value += 1
    return found


N = numbers()


def attr(name, value):
    if isinstance(value, str):
        value = value.encode() + b"\0"
    elif isinstance(value, int):
        value = struct.pack("<I", value)
    elif isinstance(value, dict):
        return raw(N[name] | NESTED, attrs("HA_PEER_", value))
    return raw(N[name], value)


def raw(kind, value):
    return ATTR.pack(ATTR.size + len(value), kind) + value + bytes(-len(value) % 4)


def attrs(prefix, values):
    """One attribute each; a flag is True."""
    return b"".join(attr(prefix + name.upper(), b"" if value is True else value)
                    for name, value in values.items())


def parse(data):
    found = {}
    while len(data) >= ATTR.size:
        length, kind = ATTR.unpack_from(data)
        found[kind & 0x3fff] = data[ATTR.size:length]
        data = data[(length + 3) // 4 * 4:]
    return found


def address(ip, port):
    return struct.pack("<H", socket.AF_INET) + struct.pack(">H", port) + \
        socket.inet_aton(ip) + bytes(8)


class Refused(Exception):
    """The kernel's answer is an error; the text is its reason."""


def inside(namespace, protocol):
    """A netlink socket that belongs to a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net", "rb") as home, \
            open(f"/run/netns/{namespace}", "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        finally:
            libc.setns(home.fileno(), CLONE_NEWNET)


class Client:
    """A socket in a network namespace."""

    def __init__(self, namespace):
        self.socket = inside(namespace, NETLINK_GENERIC)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.socket.bind((0, 0))
        self.sequence, self.family = 0, CONTROL
        self.nth = os.open(NTH, os.O_RDWR) if os.path.exists(NTH) else None
        answer = self._exchange(3, raw(2, b"ha\0"))[0]
        self.family = struct.unpack("<H", parse(answer)[1])[0]

    def _exchange(self, command, payload, flags=ACK, fail=0):
        self.sequence += 1
        body = GENL.pack(command, 1, 0) + payload
        message = HEAD.pack(HEAD.size + len(body), self.family, REQUEST | flags,
                            self.sequence, 0) + body
        self.injected = False
        if fail:
            os.pwrite(self.nth, str(fail).encode(), 0)
        try:
            self.socket.send(message)
        finally:
            if fail:
                self.injected = os.pread(self.nth, 16, 0).strip() == b"0"
                os.pwrite(self.nth, b"0", 0)
        return self._answers()

    def _answers(self):
        found = []
        while True:
            data = self.socket.recv(65536)
            while data:
                length, kind, flags, _, _ = HEAD.unpack_from(data)
                body, data = data[HEAD.size:length], data[(length + 3) // 4 * 4:]
                if kind == DONE:
                    return found
                if kind == ERROR:
                    self._error(body, flags)
                    return found
                found.append(body[GENL.size:])

    @staticmethod
    def _error(body, flags):
        number = -struct.unpack_from("<i", body)[0]
        if not number:
            return
        inner = struct.unpack_from("<I", body, 4)[0]
        skip = 4 + (HEAD.size if flags & 0x100 else (inner + 3) // 4 * 4)
        text = parse(body[skip:]).get(1, b"").rstrip(b"\0").decode() \
            if flags & 0x200 else ""
        error = Refused(text or os.strerror(number))
        error.errno, error.reason = number, text
        raise error

    def ask(self, command, fail=0, **values):
        """A command, such as "attach"; its words as attributes."""
        self._exchange(N["HA_CMD_" + command.upper()], attrs("HA_A_", values), ACK, fail)

    def get(self, name):
        """(role, disk, {attribute of the peer: number or bytes}) or None."""
        for body in self._exchange(N["HA_CMD_GET"], b"", DUMP):
            found = parse(body)
            if found[N["HA_A_NAME"]].rstrip(b"\0").decode() == name:
                return View(found)
        return None


class View:
    """What the kernel says of a resource with one peer."""

    def __init__(self, found):
        self.disk = struct.unpack("<I", found[N["HA_A_DISK_STATE"]])[0]
        self.role = struct.unpack("<I", found[N["HA_A_ROLE"]])[0]
        self.size = int.from_bytes(found.get(N["HA_A_SIZE"], b""), "little")
        self.peer = {}
        inner = parse(found.get(N["HA_A_PEER"], b""))
        for name in ("CONNECTION", "ROLE", "DISK_STATE", "REPLICATION", "OUT_OF_SYNC"):
            value = inner.get(N["HA_PEER_" + name])
            self.peer[name.lower()] = int.from_bytes(value, "little") if value else 0
        self.reason = inner.get(N["HA_PEER_REASON"], b"").rstrip(b"\0").decode()

    def words(self):
        """Own disk and the peer's."""
        names = {value: name.removeprefix("HA_DISK_STATE_").lower()
                 for name, value in N.items() if name.startswith("HA_DISK_STATE_")}
        return f"{names[self.disk]}/{names[self.peer['disk_state']]}"

    def usable(self):
        """The disk by itself counts as data."""
        return self.disk in (N["HA_DISK_STATE_UPTODATE"], N["HA_DISK_STATE_CONSISTENT"],
                             N["HA_DISK_STATE_OUTDATED"])

    def connected(self):
        return self.peer["connection"] == N["HA_CONN_STATE_CONNECTED"]

    def alone(self):
        return self.peer and self.peer["connection"] == N["HA_CONN_STATE_STANDALONE"]

    def quiet(self):
        return self.connected() and \
            self.peer["replication"] == N["HA_REPL_STATE_ESTABLISHED"]

    def in_sync(self):
        good = N["HA_DISK_STATE_UPTODATE"]
        return self.quiet() and self.disk == good and \
            self.peer["disk_state"] == good and not self.peer["out_of_sync"]
