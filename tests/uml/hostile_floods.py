"""A peer that asks for much and takes no answer: what this node holds for it is bounded."""
# SPDX-License-Identifier: GPL-2.0-only
import socket

from hostile_cases import DROP
from hostile_peer import INCONSISTENT, PRIMARY, SECONDARY, Dropped
from hostile_wire import (BITMAP, CONTROL, DATA, DIGEST, DIGEST_ANSWER, HEAD, MAX_PAYLOAD, PING, PONG,
                          PROMOTE, READ, RESYNC, RESYNC_DATA, RESYNC_REQUEST, message, pack)

MIB = 1 << 20
MANY = 160                      # requests; each may make the other side hold a MiB
WINDOW = 16 * MIB               # what protocol.rst says it takes
ROOM = 32 * MIB                 # sockets, and what else goes on meanwhile
DOUBTFUL = 1 << 4
BITS = 2048                     # we lack these blocks


def free():
    """Bytes of this machine's memory that nobody has."""
    with open("/proc/meminfo", encoding="ascii") as file:
        words = dict(line.split(":") for line in file)
    return int(words["MemFree"].split()[0]) << 10


def blob(link, kind, bodies):
    """Messages in one piece, so that they arrive faster than they are answered."""
    data = b""
    for body in bodies:
        data += message(kind, body, tag=link.tag, sequence=link.sent)
        link.sent += 1
    link.raw(data)


def pinged(session):
    """A ping is answered; nothing else is read."""
    control = session.links[CONTROL]
    control.send(PING, pack(PING, cookie=77))
    while control.receive().kind != PONG:
        pass


class Floods:
    """Mixed into the steps."""

    def windows(self):
        """Requests without end: it stops reading, or hangs up and says why."""
        with self.target() as target:
            held = self.unread(target)
            target.disk = INCONSISTENT
            target.role = PRIMARY       # so that we are Secondary, and it drives
            self.case(target, ("too many requests", self.requests, DROP),
                      lambda: self.busy_source(target))
            assert "too many" in self.log.reasons[-1], self.log.reasons[-1]
            self.case(target, ("too many questions", self.questions, DROP),
                      lambda: self.busy_source(target))
            assert "too many" in self.log.reasons[-1], self.log.reasons[-1]
            target.claims = lambda theirs: {"flags": DOUBTFUL}
            self.case(target, ("digests answered twice", self.answered_twice, DROP),
                      lambda: self.busy_source(target, by_digest=True))
            target.claims = None
            target.finish_target()
            target.role = SECONDARY
        return f"4 floods, {held >> 20} MiB held for {MANY} reads of a MiB"

    def unread(self, target):
        """Reads whose answers nobody takes; then they all come."""
        session = target.connect()
        link, before = session.links[DATA], free()
        blob(link, READ, [pack(READ, id=number + 1, length=MAX_PAYLOAD)
                          for number in range(MANY)])
        held = 0
        for _ in range(20):
            pinged(session)             # it goes on to answer
            held = max(held, before - free())
        assert held < WINDOW + ROOM, f"{held >> 20} MiB are held for a peer"
        left = MANY * (HEAD.size + 16 + MAX_PAYLOAD)
        while left:
            part = link.sock.recv(min(left, MIB))
            if not part:
                raise Dropped("closed")
            left -= len(part)
        session.alive()
        session.close()
        return held

    def busy_source(self, target, by_digest=False):
        """A session in which it is source, and waits for answers to what it sent."""
        session = target.connect(check=False)
        run = pack(BITMAP, first=0, bits=BITS), b"\xff" * (BITS // 8)
        session.bits_exchanged(*[] if by_digest else [run])
        kinds = (DIGEST,) if by_digest else (DIGEST, RESYNC_DATA)
        session.first = session.wait(lambda got: got.kind in kinds, silent=kinds)
        return session

    def requests(self, session):
        """As a target that drives, never saying that it has the data."""
        session.links[RESYNC].sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        own = session.me.own << 56
        blob(session.links[RESYNC], RESYNC_REQUEST,
             [pack(RESYNC_REQUEST, id=own | number + 1, length=MAX_PAYLOAD)
              for number in range(MANY)])

    def questions(self, session):
        """Each waits for the chunks that are out, so none is answered soon."""
        blob(session.links[CONTROL], PROMOTE,
             [pack(PROMOTE, id=number + 1) for number in range(MANY)])

    def answered_twice(self, session):
        """All blocks differ, and differ again: they must not be sent twice."""
        got = session.first
        for _ in range(2):
            session.links[RESYNC].send(
                DIGEST_ANSWER, pack(DIGEST_ANSWER, id=got["id"], sector=got["sector"],
                                    length=got["length"]),
                b"\xff" * (((got["length"] + 4095) // 4096 + 63) // 64 * 8))
