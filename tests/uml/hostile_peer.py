"""A peer that the module takes for real: hello, authentication, handshake, answers.

From Documentation/protocol.rst. A Session goes as far as it is told and then does what
the attack wants; everything that it is not told to do wrong, it does right.
"""
# SPDX-License-Identifier: GPL-2.0-only
import contextlib
import ctypes
import hashlib
import hmac
import os
import select
import socket
import struct
import time

from hostile_wire import (ACK, AUTH, BITMAP_END, COMMIT, CONTROL, DATA, DIGEST,
                          DIGEST_ANSWER, FLUSH, HEAD, HELLO,
                          LOSE_SLOT, LOSE_SLOT_ANSWER, PING, PONG, PROMOTE, PROMOTE_ANSWER,
                          READY, REFUSED, RESYNC, RESYNC_ACK, RESYNC_DATA, RESYNC_END,
                          RESYNC_END_ANSWER, SNAPSHOT, STATE, VERDICT, WRITE, Message,
                          message, pack)

CLONE_NEWNET = 0x40000000
PORT = 7788
PRIMARY, SECONDARY = 1, 2
INCONSISTENT, UPTODATE = 3, 7
ONLY_NEWER = 1 << 8
BEGUN = 1 << 9
TARGETS = {3, 5, 7}             # verdicts that make their sender one
MIRROR = {2: 3, 3: 2, 4: 5, 5: 4, 6: 7, 7: 6}
# How far a session goes.
(OPENED, HELLO_DONE, AUTH_DONE, ALL_AUTH, READY_SENT, SNAPSHOT_SENT, VERDICT_SENT,
 UP) = range(8)


class Dropped(Exception):
    """The other side has ended the connection."""


class namespace:                                        # pylint: disable=invalid-name
    """Sockets made inside belong to this network namespace."""

    def __init__(self, name):
        self.path = f"/run/netns/{name}"

    def _enter(self, fd):
        if ctypes.CDLL(None, use_errno=True).setns(fd, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")

    def __enter__(self):
        self.old = os.open("/proc/self/ns/net", os.O_RDONLY)
        new = os.open(self.path, os.O_RDONLY)
        self._enter(new)
        os.close(new)

    def __exit__(self, *_):
        self._enter(self.old)
        os.close(self.old)


class Identity:
    """Who the hostile peer says it is, and what it remembers, over all its sessions."""

    def __init__(self, own, other, name=b"r0", secret=b"s3cret"):
        self.own, self.other = own, other               # node ids
        self.addresses = ["10.78.0.1", "10.78.0.2"]
        self.name, self.secret = name.ljust(64, b"\0"), secret
        self.instance, self.uuid = 0x1234567890, b"a hostile device"
        self.namespace = "ab"[own]
        self.listener = None
        if own < other:
            self.listen()

    def listen(self):
        with namespace(self.namespace):
            self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.addresses[self.own], PORT))
        self.listener.listen(16)
        self.listener.settimeout(15)

    def close(self):
        if self.listener:
            self.listener.close()

    def connection(self):
        if self.listener:
            sock = self.listener.accept()[0]
        else:
            with namespace(self.namespace):
                sock = socket.socket()
            sock.settimeout(10)
            sock.connect((self.addresses[self.other], PORT))
        sock.settimeout(10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def mac(self, session, stream, sender, nonces):
        if self.secret is None:
            return bytes(32)
        text = b"ha-auth\0" + struct.pack("<IIQ", sender, stream, session) + \
            nonces[0] + nonces[1] + self.name
        return hmac.new(self.secret, text, hashlib.sha256).digest()


class Link:
    """One of the three connections."""

    def __init__(self, sock, stream):
        self.sock, self.stream = sock, stream
        self.sent = self.received = self.tag = 0

    def send(self, kind, body=b"", payload=b"", /, **wrong):
        data = message(kind, body, payload,
                       **{"tag": self.tag, "sequence": self.sent, **wrong})
        self.sent += 1
        self.raw(data)

    def raw(self, data):
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Dropped(str(error)) from None

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            try:
                part = self.sock.recv(size - len(data))
            except ConnectionError as error:
                raise Dropped(str(error)) from None
            if not part:
                raise Dropped("closed")
            data += part
        return data

    def receive(self):
        head = HEAD.unpack(self._exactly(HEAD.size))
        assert head[0] == 0x31574168 and head[2] == 0 and head[5] == 0, f"header {head}"
        assert head[3] == self.received, f"sequence {head[3]} instead of {self.received}"
        assert head[7] == self.tag, f"tag {head[7]:#x}"
        self.received += 1
        body = self._exactly(head[4])
        return Message(head, body, self._exactly(head[6]))

    def expect(self, kind):
        got = self.receive()
        if got.kind == REFUSED != kind:
            raise Dropped("refused: " + got["text"].split(b"\0")[0].decode())
        assert got.kind == kind, f"type {got.kind} instead of {kind}"
        return got


class Session:
    """Three connections and what was learnt on them."""

    def __init__(self, me, *, role=SECONDARY, disk=UPTODATE, newer=None, claims=None):
        self.me, self.role, self.disk, self.newer = me, role, disk, newer
        self.claims = claims            # of their snapshot: fields of ours
        self.id = struct.unpack("<Q", os.urandom(8))[0] | 1
        self.links, self.theirs, self.verdict = [], None, None
        self.log = []                   # messages received once up
        self.told = None                # the reason, when it was refused in words

    # -- hello and authentication

    def hello(self, stream, nonce, /, **other):
        session = self.id if stream and not self.me.listener else 0
        return pack(HELLO, **{
            "version_min": 1, "version_max": 1, "node_id": self.me.own,
            "peer_id": self.me.other, "stream": stream,
            "auth": int(self.me.secret is not None),
            "max_payload": 1 << 20, "features": 3, "window_bytes": 16 << 20,
            "window_messages": 1024, "data_streams": 1, "spare": 0,
            "session": session, "name": self.me.name, "nonce": nonce, **other})

    def _initiate(self, link, upto):
        nonce = os.urandom(32)
        link.send(HELLO, self.hello(link.stream, nonce))
        theirs = link.expect(HELLO)
        if upto == HELLO_DONE:
            return
        link.send(AUTH, pack(AUTH, session=self.id, mac=self.me.mac(
            self.id, link.stream, self.me.own, (nonce, theirs["nonce"]))))
        proof = link.expect(AUTH)
        assert proof["session"] == 0
        assert proof["mac"] == self.me.mac(0, link.stream, self.me.other,
                                           (theirs["nonce"], nonce)), "their proof"

    def _respond(self, link, upto):
        nonce = os.urandom(32)
        theirs = link.expect(HELLO)
        link.stream = theirs["stream"]
        link.send(HELLO, self.hello(link.stream, nonce))
        proof = link.expect(AUTH)
        self.id = proof["session"]
        assert link.stream == CONTROL or theirs["session"] == self.id
        assert proof["mac"] == self.me.mac(self.id, link.stream, self.me.other,
                                           (theirs["nonce"], nonce)), "their proof"
        if upto > HELLO_DONE:
            link.send(AUTH, pack(AUTH, session=0, mac=self.me.mac(
                0, link.stream, self.me.own, (nonce, theirs["nonce"]))))

    def open(self, upto=UP):
        """Go as far as this."""
        for stream in (CONTROL, DATA, RESYNC):
            link = Link(self.me.connection(), stream)
            self.links.append(link)
            if upto == OPENED:
                return self
            (self._respond if self.me.listener else self._initiate)(link, upto)
            if upto in (HELLO_DONE, AUTH_DONE):
                return self
        for link in self.links:
            link.tag = self.id & 0xffffffff
        if upto > ALL_AUTH:
            self.handshake(upto)
        return self

    # -- handshake

    def snapshot(self, **other):
        """Theirs, as our side of it: in sync, or what this session shall be."""
        one = {**self.theirs.fields, "instance": self.me.instance,
               "peer_instance": self.theirs["instance"], "device_uuid": self.me.uuid,
               "base": [0] * 8, "out_of_sync": 0, "written": 0, "nonce": 4711,
               "role": self.role, "disk_state": self.disk,
               "flags": ONLY_NEWER | (self.role == PRIMARY)}
        if self.newer and self.newer != self.theirs["current_gen"]:
            past = self.theirs["current_gen"]
            one.update(current_gen=self.newer, history=[past, *one["history"]][:32],
                       history_node=[self.me.own, *one["history_node"]][:32],
                       history_time=[1, *one["history_time"]][:32])
            one["base"][self.me.other] = past
        if self.claims:
            one.update(self.claims(self.theirs))
        return pack(SNAPSHOT, **{**one, **other})

    def handshake(self, upto=UP):
        control = self.links[CONTROL]
        control.send(READY, pack(READY, instance=self.me.instance))
        if upto == READY_SENT:
            return
        control.expect(READY)
        self.theirs = control.expect(SNAPSHOT)
        control.send(SNAPSHOT, self.snapshot())
        if upto == SNAPSHOT_SENT:
            return
        self.verdict = control.expect(VERDICT)
        control.send(VERDICT, self.mirrored())
        if upto == VERDICT_SENT:
            return
        self.commit(control)
        self.wait(lambda got: got.kind == STATE, 10)

    def commit(self, control):
        """A target waits for its source."""
        mine = pack(COMMIT, session=self.id)
        if self.verdict["verdict"] in TARGETS:
            control.send(COMMIT, mine)
        assert control.expect(COMMIT)["session"] == self.id
        if self.verdict["verdict"] not in TARGETS:
            control.send(COMMIT, mine)

    def mirrored(self):
        code = self.verdict["verdict"]
        return pack(VERDICT, verdict=MIRROR.get(code, code), row=self.verdict["row"],
                    nonce=self.theirs["nonce"])

    # -- up

    def answer(self, link, got):
        """What a good peer answers."""
        if got.kind == PING:
            link.send(PONG, pack(PONG, cookie=got["cookie"]))
        elif got.kind in (WRITE, FLUSH):
            link.send(ACK, pack(ACK, id=got["id"]))
        elif got.kind == PROMOTE:
            link.send(PROMOTE_ANSWER, pack(PROMOTE_ANSWER, id=got["id"]))
        elif got.kind == LOSE_SLOT:
            link.send(LOSE_SLOT_ANSWER, pack(LOSE_SLOT_ANSWER, id=got["id"], code=5))
        elif got.kind == RESYNC_DATA:
            link.send(RESYNC_ACK, pack(RESYNC_ACK, id=got["id"]))
        elif got.kind == DIGEST:        # all blocks are equal
            count = (got["length"] + 4095) // 4096
            link.send(DIGEST_ANSWER, pack(DIGEST_ANSWER, id=got["id"],
                                          sector=got["sector"], length=got["length"]),
                      bytes((count + 63) // 64 * 8))
        elif got.kind == RESYNC_END:
            link.send(RESYNC_END_ANSWER,
                      pack(RESYNC_END_ANSWER, generation=got["generation"]))

    def pump(self, seconds, silent=()):
        """Receive for at most this long; None, or one message, which was answered."""
        ready = select.select([link.sock for link in self.links], [], [], seconds)[0]
        for link in self.links:
            if link.sock in ready:
                got = link.receive()
                self.log.append(got)
                if got.kind == REFUSED:
                    raise Dropped(got["text"].split(b"\0")[0].decode())
                if got.kind not in silent:
                    self.answer(link, got)
                return got
        return None

    def wait(self, condition, seconds=10, silent=()):
        """Receive and answer until a message fits; it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            got = self.pump(end - time.monotonic(), silent)
            if got and condition(got):
                return got
        raise TimeoutError("no such message")

    def alive(self, seconds=10):
        """Does the other side still answer? Everything before has been read then."""
        cookie = struct.unpack("<Q", os.urandom(8))[0]
        self.links[CONTROL].send(PING, pack(PING, cookie=cookie))
        self.wait(lambda got: got.kind == PONG and got["cookie"] == cookie, seconds)

    def dropped(self, seconds=8):
        """Wait until the other side has ended it; what it said, if anything."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.pump(end - time.monotonic())
        except Dropped as why:
            return str(why) or "closed"
        raise TimeoutError(f"still connected after {seconds} s")

    def ended_by_us(self):
        """No more is ever sent: who waits for the rest of a message need not."""
        for link in self.links:
            with contextlib.suppress(OSError):
                link.sock.shutdown(socket.SHUT_WR)

    def bits_exchanged(self, *runs):
        """As either side of a resync: our bits, then the end of them."""
        link = self.links[RESYNC]
        for body, payload in runs:
            link.send(48, body, payload)
        link.send(BITMAP_END, pack(BITMAP_END))

    def close(self):
        for link in self.links:
            link.sock.close()
