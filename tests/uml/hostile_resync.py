"""The hostile peer in a resync by digest, against an end without a disk, without a secret."""
# SPDX-License-Identifier: GPL-2.0-only
import hashlib
import os
import struct

import hostile_cases as cases
from hostile_bench import NET
from hostile_cases import DROP, KEEP, send
from hostile_peer import BEGUN, ONLY_NEWER, PRIMARY, SECONDARY, UPTODATE
from hostile_wire import (BITMAP, CONTROL, DATA, DIGEST, DIGEST_ANSWER, FLUSH, LOSE_SLOT,
                          LOSE_SLOT_ANSWER, MAX_PAYLOAD, PING, READ, READ_DATA, RESYNC,
                          RESYNC_ACK, RESYNC_DATA, RESYNC_END, RESYNC_END_ANSWER,
                          WRITE, pack)

BLOCK = 4096
DOUBTFUL = 1 << 4
AHEAD = 0x5151515151            # a session that the other side does not know
NOBODYS = 1 << 40               # id of no chunk: those of a session count from 1


def poly1305(key, data):
    """RFC 8439, 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for at in range(0, len(data), 16):
        part = data[at:at + 16] + b"\1"
        total = (total + int.from_bytes(part, "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:32], "little")) % (1 << 128)).to_bytes(16, "little")


def digests(session, source, target, data):
    """Of the blocks of data, as protocol.rst says; source, target: their nonces."""
    key = hashlib.sha256(struct.pack("<QQQ", source, target, session.id)).digest()
    return b"".join(poly1305(key, data[at:at + BLOCK]) for at in range(0, len(data), BLOCK))


def range_of(kind, offset, length, number=1, **other):
    return pack(kind, id=number, sector=offset // 512, length=length, **other)


class Resyncs:
    """Mixed into the steps."""

    def digest_source(self):
        """It is source and compares: its digests are right, wrong answers end it."""
        with self.target() as target:
            target.claims = lambda theirs: {"flags": ONLY_NEWER | DOUBTFUL}
            target.role = PRIMARY       # so that we are Secondary, and it drives
            session = self.compared(target)
            got = session.first
            data = target.image[got["sector"] * 512:][:got["length"]]
            assert got.payload == digests(session, session.theirs["nonce"], 4711, data)
            session.close()
            count = self.all_cases(target, self.wrong_answers(),
                                   lambda: self.compared(target))
            target.disk = UPTODATE
            self.take_digests(target)
            target.role, target.claims = SECONDARY, None
        return f"{count} attacks"

    def compared(self, target):
        """A session in which it has sent digests and waits for the answer."""
        session = target.connect(check=False)
        session.bits_exchanged()
        session.first = session.wait(lambda got: got.kind == DIGEST, silent=(DIGEST,))
        return session

    def wrong_answers(self):
        def answer(payload, **other):
            def attack(session):
                got = session.first
                session.links[RESYNC].send(DIGEST_ANSWER, pack(DIGEST_ANSWER, **{
                    "id": got["id"], "sector": got["sector"], "length": got["length"],
                    **other}), payload)
            return attack
        yield "an answer that is too short", answer(bytes(8)), DROP
        yield "an answer without bits", answer(b""), DROP
        yield "an answer to nothing", answer(bytes(32), id=NOBODYS), DROP
        yield "digests to a source", send(RESYNC, DIGEST, range_of(DIGEST, 0, BLOCK),
                                          bytes(16)), DROP
        yield "data to a source", send(RESYNC, RESYNC_DATA, range_of(
            RESYNC_DATA, 0, 512, flags=4), bytes(512)), DROP
        yield "bits after their end", send(RESYNC, BITMAP, pack(BITMAP, bits=64),
                                           b"\xff" * 8), DROP
        yield "an answer to no end", send(RESYNC, RESYNC_END_ANSWER, pack(
            RESYNC_END_ANSWER, generation=5)), DROP
        yield "an ack of nothing", send(RESYNC, RESYNC_ACK, pack(RESYNC_ACK, id=NOBODYS)), KEEP

    def take_digests(self, target):
        """Say of all blocks that they are equal, up to the end of the resync."""
        session = target.connect(check=False)
        session.bits_exchanged()
        session.wait(lambda got: got.kind == RESYNC_END, 30)
        session.alive()
        session.close()

    def digest_target(self):
        """It is target: digests beside the device, of wrong length; right ones are used."""
        with self.target() as target:
            target.claims = lambda theirs: {
                "session": AHEAD, "previous_session": theirs["session"],
                "flags": ONLY_NEWER | BEGUN}
            size = len(target.image) // 512
            found = [case for case in cases.resync_as_source(size) if "digest" in case[0]]
            count = self.all_cases(target, found, lambda: self.asked(target))
            session = self.asked(target)
            right = self.ours(session, target.image[:2 * BLOCK])
            link = session.links[RESYNC]
            link.send(DIGEST, range_of(DIGEST, 0, 2 * BLOCK), right[:16] + bytes(16))
            got = session.wait(lambda got: got.kind == DIGEST_ANSWER)
            assert got.payload == struct.pack("<Q", 2), f"it finds {got.payload!r}"
            self.equal_all(target, session)
            target.claims, target.baseline = None, None
        return f"{count + 1} attacks"

    def asked(self, target):
        session = target.connect(check=False)
        assert session.verdict["verdict"] == 7, f"verdict {session.verdict['verdict']}"
        session.bits_exchanged()
        return session

    def ours(self, session, data):
        return digests(session, 4711, session.theirs["nonce"], data)

    def equal_all(self, target, session):
        """By digests of everything it finds that it lacks nothing; then the end."""
        link, theirs = session.links[RESYNC], session.theirs
        for at in range(0, len(target.image), MAX_PAYLOAD):
            data = target.image[at:at + MAX_PAYLOAD]
            link.send(DIGEST, range_of(DIGEST, at, len(data), at + 9),
                      self.ours(session, data))
            got = session.wait(lambda got: got.kind == DIGEST_ANSWER, 30)
            assert not any(got.payload), f"blocks differ at {at}"
        link.send(RESYNC_END, pack(RESYNC_END, generation=theirs["current_gen"],
                                   **{name: theirs[name] for name in (
                                       "resource_uuid", "history", "history_node",
                                       "history_time")}))
        session.wait(lambda got: got.kind == RESYNC_END_ANSWER, 30)
        session.close()

    # -- no disk

    def diskless(self):
        """It has no disk: what needs one is answered with an error, the rest as ever."""
        with self.target() as target:
            before = target.connect()
            known = dict(before.theirs.fields)
            before.close()
            target.node.hadm("detach", "r0")
            target.claims, target.baseline = self.as_before(known), None
            size = len(target.image) // 512
            found = [*[*cases.data_stream(size)][::4], *cases.no_resync(),
                     *[*cases.control_stream(target.me.own, False)][::3],
                     *[*cases.headers(DATA, FLUSH)][::5]]
            count = self.cases_without_disk(target, found)
            session = target.connect()
            self.all_refused(session, target.me.own)
            session.close()
            target.claims = target.baseline = None
            target.node.hadm("attach", "r0")
        return f"{count + 4} attacks"

    def as_before(self, known):
        names = ("current_gen", "history", "history_node", "history_time", "resource_uuid",
                 "data_sectors", "device_sectors", "bit_shift", "region_shift",
                 "logical_block")
        return lambda theirs: {name: known[name] for name in names}

    def cases_without_disk(self, target, found):
        for case in found:
            self.case(target, case, target.connect)
        return len(found)

    def all_refused(self, session, own):
        """Writes, reads, flushes and a lost slot: an error each, and no end."""
        link = session.links[DATA]
        link.send(WRITE, pack(WRITE, id=1, sector=64, length=512), b"x" * 512)
        link.send(READ, pack(READ, id=2, sector=64, length=512))
        link.send(FLUSH, pack(FLUSH, id=3))
        for number in (1, 2, 3):
            got = session.wait(lambda got, n=number: got.kind in (35, READ_DATA) and
                               got["id"] == n)
            assert got["status"] and not got.payload, f"{number} went well without a disk"
        session.links[CONTROL].send(LOSE_SLOT, pack(LOSE_SLOT, id=4, slot=own))
        assert session.wait(lambda got: got.kind == LOSE_SLOT_ANSWER)["code"]
        session.alive()

    # -- no secret

    def no_auth(self):
        """With "auth none" a proof is zeroes, and nothing else is any weaker."""
        self.unmake()
        self.c.resources = {}
        text = self.c.resource(net=NET, disk={"resync-rate": "0"})
        assert 'shared-secret "s3cret"' in text
        self.c.ready(text.replace('shared-secret "s3cret"', "auth none"))
        with self.target() as target:
            target.me.secret = None
            count = 0
            for name, fields in (("a secret", {"auth": 1}), ("auth 2", {"auth": 2})):
                self.stranger(target, name, lambda s, f=fields: s.links[0].send(
                    1, s.hello(0, os.urandom(32), **f)))
                count += 1
            count += self.proofs(target, wrong=(pack(2), pack(2, session=5, mac=b"x" * 32)))
            size = len(target.image) // 512
            count += self.all_cases(target, [
                *[*cases.data_stream(size)][::9], *[*cases.headers(CONTROL, PING)][::4],
                *[*cases.control_stream(target.me.own, False)][::6]], target.connect)
        self.again()
        return f"{count} attacks"
