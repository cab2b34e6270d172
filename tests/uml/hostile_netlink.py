"""Requests to the generic netlink family "ha", right ones and wrong ones."""
# SPDX-License-Identifier: GPL-2.0-only
import errno
import socket
import struct

from hostile_peer import namespace

GENERIC, CONTROLLER, GETFAMILY = 16, 16, 3
SOL_NETLINK, CAP_ACK, EXT_ACK = 270, 10, 11
REQUEST, ACK, DUMP, NESTED = 1, 4, 0x300, 0x8000
(GET, RESOURCE_NEW, RESOURCE_SET, PEER_NEW, PEER_SET, PEER_DEL, ATTACH, DETACH, CONNECT,
 DISCONNECT, PRIMARY, SECONDARY, DOWN, INVALIDATE, INVALIDATE_REMOTE, SKIP, PAUSE, RESUME,
 SUSPEND_IO, RESUME_IO, OUTDATE) = range(1, 22)
FENCED = 24
CHANGES = (*range(RESOURCE_NEW, OUTDATE + 1), FENCED)   # the operations that change something
UNKNOWN = (0, 22, 23, 25, 100, 255)
(NAME, NODE_ID, MINOR, _, _, _, _, _, DISK, META_DISK, ON_IO_ERROR, ON_NO_DATA, FENCING,
 RATE, TRUST, FORCE, DISCARD, PEER) = range(1, 19)
(P_NODE, P_NAME, P_LOCAL, P_REMOTE, P_SECRET, P_TIMEOUT, P_PING, P_PING_TIMEOUT, P_CONNECT,
 P_KO, P_SB0, P_SB1, P_SB2) = range(1, 14)
OPTIONS = [ON_IO_ERROR, ON_NO_DATA, FENCING, RATE, TRUST]
ATTRS = {RESOURCE_NEW: [NAME, NODE_ID, MINOR, *OPTIONS], RESOURCE_SET: [NAME, *OPTIONS],
         ATTACH: [NAME, DISK, META_DISK], DETACH: [NAME, FORCE], PRIMARY: [NAME, FORCE],
         SECONDARY: [NAME, FORCE], DOWN: [NAME, FORCE], CONNECT: [NAME, PEER, DISCARD],
         **{kind: [NAME, PEER] for kind in (PEER_NEW, PEER_SET, PEER_DEL, DISCONNECT, PAUSE,
                                            RESUME, INVALIDATE_REMOTE, FENCED)}}
STRINGS = {NAME, DISK, META_DISK}


def attribute(kind, data=b""):
    return struct.pack("<HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def u32(kind, value):
    return attribute(kind, struct.pack("<I", value))


def peer(*parts):
    return attribute(PEER | NESTED, b"".join(parts))


def address(host, port=7788):
    return struct.pack("<H", socket.AF_INET) + struct.pack(">H", port) + \
        socket.inet_aton(host) + bytes(8)


class Netlink:
    """A socket of a network namespace; request() gives the errno of the answer."""

    def __init__(self, space):
        with namespace(space):
            self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.sock.bind((0, 0))
        self.sock.settimeout(60)
        for option in (CAP_ACK, EXT_ACK):
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.sequence, self.text = 0, ""
        self.family = CONTROLLER
        body = self.ask(GETFAMILY, attribute(2, b"ha\0"))[0][0]
        self.family = struct.unpack("<H", self.attributes(body[20:])[1])[0]

    @staticmethod
    def attributes(data):
        found = {}
        while len(data) >= 4:
            length, kind = struct.unpack_from("<HH", data)
            if length < 4:
                break
            found[kind & 0x3fff] = data[4:length]
            data = data[(length + 3) & ~3:]
        return found

    def send(self, command, body, flags=REQUEST | ACK, kind=None):
        self.sequence += 1
        data = struct.pack("<BBH", command, 1, 0) + body
        self.sock.send(struct.pack("<IHHII", 16 + len(data), kind or self.family, flags,
                                   self.sequence, 0) + data)

    def raw(self, data):
        """Bytes that may be no message at all: there may be no answer."""
        self.sock.send(data)
        self.sock.settimeout(0.05)
        try:
            while True:
                self.sock.recv(1 << 17)
        except (TimeoutError, BlockingIOError):
            pass
        finally:
            self.sock.settimeout(60)

    def ask(self, command, body=b"", flags=REQUEST | ACK):
        """(messages, errno)"""
        self.send(command, body, flags)
        found = []
        while True:
            data = self.sock.recv(1 << 17)
            while len(data) >= 16:
                length, kind, _, sequence, _ = struct.unpack_from("<IHHII", data)
                message, data = data[:length], data[(length + 3) & ~3:]
                if sequence != self.sequence:
                    continue
                if kind in (2, 3):
                    self.text = self.attributes(message[36:]).get(1, b"").decode(errors="replace")
                    return found, -struct.unpack_from("<i", message, 16)[0]
                found.append(message)

    def request(self, command, body=b""):
        return self.ask(command, body)[1]

    def resources(self):
        """What the kernel says of each, as it came."""
        found, error = self.ask(GET, flags=REQUEST | DUMP)
        assert not error, f"dump: {errno.errorcode.get(error, error)}"
        return [message[20:] for message in found]

    def out_of_sync(self):
        """Bytes that the first peer of the first resource lacks."""
        one = self.attributes(self.attributes(self.resources()[0])[PEER])
        return struct.unpack("<Q", one[18])[0]

    def names(self):
        return [self.attributes(body)[NAME] for body in self.resources()]

    def close(self):
        self.sock.close()


def good(command, name=b"r0\0"):
    """The attributes of a request that could be carried out."""
    parts = []
    for kind in ATTRS.get(command, [NAME]):
        if kind == NAME:
            parts.append(attribute(NAME, name))
        elif kind in STRINGS:
            parts.append(attribute(kind, b"/dev/ram0\0"))
        elif kind == PEER:
            parts.append(peer(u32(P_NODE, 1), attribute(P_NAME, b"node2\0"),
                              attribute(P_LOCAL, address("10.78.0.1")),
                              attribute(P_REMOTE, address("10.78.0.2"))))
        elif kind == RATE:
            parts.append(attribute(kind, struct.pack("<Q", 0)))
        elif kind in (FORCE, DISCARD):
            parts.append(attribute(kind))
        else:
            parts.append(u32(kind, 0))
    return parts


def wrong_values(command):
    """(what, attributes) that must be refused, with nothing changed."""
    yield "nothing at all", b""
    parts = good(command)
    for number, kind in enumerate(ATTRS.get(command, [NAME])):
        def put(data, number=number, kind=kind):
            flag = NESTED if kind == PEER else 0
            return b"".join([*parts[:number], attribute(kind | flag, data),
                             *parts[number + 1:]])
        if kind in STRINGS:
            long = 64 if kind == NAME else 256
            for text in (b"x", b"", b"x" * long + b"\0", b"x" * 60000 + b"\0", b"r0"):
                yield f"{kind} as {text[:5]!r} of {len(text)}", put(text)
        elif kind == PEER:
            for what in wrong_peers():
                yield f"a peer of {what[:8]!r}", put(what)
        elif kind in (FORCE, DISCARD):
            yield f"flag {kind} with a value", put(b"1234")
        else:
            for size in (0, 1, 2, 3) + ((4,) if kind == RATE else ()):
                yield f"{kind} of {size} bytes", put(bytes(size))
            if kind not in (RATE, TRUST):
                yield f"{kind} too large", put(b"\xff" * 4)
    yield "a name of nobody", b"".join(good(command, b"nobody\0"))


def wrong_peers():
    """Nested attributes that are none, or no peer."""
    yield b"\xff" * 16
    yield b"\4\0"
    yield struct.pack("<HH", 3, P_NODE)
    yield struct.pack("<HH", 60000, P_NODE) + bytes(4)
    yield u32(P_NODE, 8)
    yield u32(P_NODE, 0xffffffff)
    yield attribute(P_NODE, b"1")
    for kind in (P_TIMEOUT, P_PING, P_PING_TIMEOUT, P_CONNECT):
        yield u32(P_NODE, 1) + u32(kind, 0)
    for kind in (P_SB0, P_SB1, P_SB2):
        yield u32(P_NODE, 1) + u32(kind, 6)
    yield u32(P_NODE, 1) + attribute(P_SECRET, b"x" * 65 + b"\0")
    yield u32(P_NODE, 1) + attribute(P_NAME, b"x" * 64 + b"\0")
    yield peer(peer(peer(u32(P_NODE, 9))))
