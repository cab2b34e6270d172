"""What to send: every type, every field wrong, every length, order and place wrong.

A case is (name, what to do with a Session, what must come of it): DROP, or KEEP for what
is legitimate or must be passed over.
"""
# SPDX-License-Identifier: GPL-2.0-only
from hostile_wire import (ACK, AUTH, BITMAP, BITMAP_END, BODY, BYE, COMMIT, CONTROL, DATA,
                          DIGEST, DIGEST_ANSWER, FIELDS, FLUSH, HANDSHAKE_TYPES, HELLO,
                          LOSE_SLOT, LOSE_SLOT_ANSWER, MAX_PAYLOAD, PING, PONG, PROMOTE,
                          PROMOTE_ANSWER, READ, READ_DATA, READY, REFUSED, RESERVED, RESYNC,
                          RESYNC_ACK, RESYNC_CONTROL, RESYNC_DATA, RESYNC_END,
                          RESYNC_END_ANSWER, RESYNC_REQUEST, SKIP_SYNC, SKIP_SYNC_ANSWER,
                          SNAPSHOT, STATE, STREAMS, UP_TYPES, VERDICT, WRITE, message, pack)

DROP, KEEP = "drop", "keep"
BIG = (1 << 64) - 1
U32 = (1 << 32) - 1
EXTREMES = {"B": (0, 1, 2, 255), "I": (0, 1, 2, 1 << 31, U32),
            "Q": (0, 1, 2, 1 << 63, BIG)}


def send(stream, kind, body=b"", payload=b"", /, **wrong):
    """What sends this message."""
    def attack(session):
        session.links[min(stream, len(session.links) - 1)].send(kind, body, payload, **wrong)
    return attack


def raw(stream, data):
    def attack(session):
        session.links[min(stream, len(session.links) - 1)].raw(data)
    return attack


def smallest(kind):
    """A payload where one is needed."""
    return bytes({BITMAP: 8, WRITE: 512, READ_DATA: 512, RESYNC_DATA: 512, DIGEST: 16,
                  DIGEST_ANSWER: 8, LOSE_SLOT: 16}.get(kind, 0))


def headers(stream, kind):
    """One message that would be fine, with each field of its header wrong."""
    body, payload = pack(kind), smallest(kind)
    for name, values in {
            "magic": (0, 1, 0x31574169, U32), "flags": (1, 2, 0x8000, 0xffff),
            "spare": (1, 0xffff), "tag": (0, 1, U32), "crc": (0, 1, U32),
            "sequence": (0, 1, 1000, 1 << 63, BIG),
            "body": (0, len(body) - 1, len(body) + 1, 1536, 1537, 0xffff),
            "payload": (len(payload) + 1, MAX_PAYLOAD + 512, U32, 1 << 31)}.items():
        for value in values:
            # what is not sent must not be waited for
            if value != len(body) or name != "body":
                yield (f"{name} {value:#x} of {kind}",
                       send(stream, kind, body, payload, **{name: value}), DROP)
    whole = message(kind, body, payload)
    for length in (1, 31, 33, len(whole) - 1):
        if length < len(whole):
            yield f"{length} bytes of {kind}, then the end", cut(stream, kind, length), DROP


def cut(stream, kind, length):
    """The beginning of a message, then no more is ever sent."""
    def attack(session):
        link = session.links[stream]
        data = message(kind, pack(kind), smallest(kind), tag=link.tag, sequence=link.sent)
        link.raw(data[:length])
        link.sock.shutdown(1)
    return attack


def twice(stream, kind, body=b"", payload=b""):
    """The same message again, with the number it had."""
    def attack(session):
        link = session.links[stream]
        link.send(kind, body, payload)
        link.raw(message(kind, body, payload, tag=link.tag, sequence=link.sent - 1))
    return attack


def places(allowed, held=(), streams=(CONTROL, DATA, RESYNC)):
    """Each type on each stream where it does not belong, but those that are held."""
    for stream in streams:
        for kind in sorted(set(BODY) - set(held)):
            if kind not in allowed or stream not in STREAMS[kind]:
                yield (f"type {kind} on stream {stream}",
                       send(stream, kind, pack(kind), smallest(kind)), DROP)
        for kind in RESERVED:
            yield f"reserved type {kind} on stream {stream}", send(stream, kind), DROP


def before_hello():
    """On a fresh connection; no session is touched by any of it."""
    for kind in BODY:
        if kind not in (HELLO, REFUSED):
            yield f"type {kind} first", send(0, kind, pack(kind), smallest(kind)), DROP
    for kind in RESERVED:
        yield f"reserved type {kind} first", send(0, kind), DROP
    yield "refused first", send(0, REFUSED, pack(REFUSED, code=U32, text=b"\xff" * 124)), DROP
    yield "noise", raw(0, bytes(range(256)) * 8), DROP
    yield "http", raw(0, b"GET / HTTP/1.0\r\n\r\n" + bytes(32)), DROP


def hellos():
    """HELLO with each field wrong, on the first connection."""
    for field, values in {
            "version_min": (2, U32), "version_max": (0,), "node_id": (0, 7, 8, 255),
            "peer_id": (1, 7, 8, 255), "stream": (10, 255), "auth": (0, 2, 255),
            "max_payload": (0, MAX_PAYLOAD - 1), "window_bytes": (0, MAX_PAYLOAD - 1),
            "window_messages": (0,),
            "name": (bytes(64), b"r1".ljust(64, b"\0"), b"r0".ljust(64, b"x"), b"\xff" * 64,
                     b"r0\0x".ljust(64, b"\0"))}.items():
        for value in values:
            yield f"{field} {value!r} in hello", {field: value}, DROP


def handshake_fields():
    """Steps of the handshake with wrong fields; the state is set up by the caller."""
    for value in (0, 1, 4, 5, 8, 11, 12, 255, U32):
        yield f"verdict {value}", VERDICT, {"verdict": value}
    for value in (0, 1, BIG):
        yield f"nonce {value:#x} in verdict", VERDICT, {"nonce": value}
        yield f"session {value:#x} in commit", COMMIT, {"session": value}


def snapshots():
    """Fields of a snapshot that cannot be, or that mean no session."""
    for field, values in {
            "data_sectors": (0, 1, 8, BIG, 1 << 63), "device_sectors": (BIG,),
            "flags": (1 << 11, 1 << 31, U32), "disk_state": (8, U32), "role": (0, 3, U32),
            "bit_shift": (0, 11, 64, U32), "region_shift": (0, 21, 64, U32),
            "logical_block": (0, 1, 256, 513, 1 << 20, U32), "after_sb": (6, 6 << 16, 1 << 24),
            "spare": (1, U32), "out_of_sync": (BIG,), "resource_uuid": (b"x" * 16,),
            "history_node": ([8], [U32], [0] * 31 + [8]),
            "history": ([0, 5], [0] * 31 + [7])}.items():
        for value in values:
            yield f"{field} {value!r} in snapshot", {field: value}


def ranges(size):
    """(sector, length) that do not lie on the device, or are no sectors."""
    for sector, length in ((size, 512), (size - 7, 4096), (BIG, 512), (1 << 63, 512),
                           (1 << 55, 4096), (BIG - 7, 4096), (size - 1, 1024),
                           (0, 0), (0, 1), (0, 511), (0, 513), (8, 4095), (0, U32),
                           (0, 1 << 31), (0, MAX_PAYLOAD + 512)):
        yield sector, length


def data_stream(size):
    for sector, length in ranges(size):
        fit = bytes(min(length // 512 * 512, 4096) or 512)
        where = f"{length} bytes at {sector:#x}"
        yield (f"write of {where}", send(DATA, WRITE, pack(
            WRITE, id=1, sector=sector, length=length), fit), DROP)
        yield (f"read of {where}", send(DATA, READ, pack(
            READ, id=1, sector=sector, length=length)), DROP)
    for length, payload in ((512, 0), (1024, 512), (512, 1024), (4096, MAX_PAYLOAD)):
        yield (f"write of {length} with {payload}", send(DATA, WRITE, pack(
            WRITE, id=1, length=length), bytes(payload)), DROP)
    for op in (1 << 6, 1 << 31, U32, 1 << 5, 1 << 4):
        yield f"write with op {op:#x}", send(DATA, WRITE, pack(
            WRITE, id=1, length=512, op=op), bytes(512)), DROP
    for length in ((64 << 20) + 512, 0, 1, U32, (size + 8) * 512):
        yield f"zeroes of {length}", send(DATA, WRITE, pack(
            WRITE, id=1, length=length, op=16)), DROP
    for op in (1, 2, 3, 16, 32, 64, U32):
        yield f"read with op {op:#x}", send(DATA, READ, pack(
            READ, id=1, length=4096, op=op)), DROP
    for op in (16, 32, 64, 1 << 31):
        yield f"flush with op {op:#x}", send(DATA, FLUSH, pack(FLUSH, id=1, op=op)), DROP
    yield "flush with a length", send(DATA, FLUSH, pack(FLUSH, id=1, length=4096)), DROP
    for value in (0, 1, 2, 1 << 62):
        yield f"ack of {value:#x}", send(DATA, ACK, pack(ACK, id=value)), DROP
        yield f"data of {value:#x}", send(DATA, READ_DATA, pack(
            READ_DATA, id=value), bytes(4096)), DROP
    yield "ack of a flush nobody made", send(DATA, ACK, pack(ACK, id=BIG, status=5)), KEEP
    yield "flush twice", twice(DATA, FLUSH, pack(FLUSH, id=9)), DROP


def control_stream(own, victim_primary):
    for role, disk, repl, flags in ((0, 7, 1, 0), (3, 7, 1, 0), (U32, 7, 1, 0),
                                    (2, 8, 1, 0), (2, U32, 1, 0), (2, 7, 8, 0),
                                    (2, 7, U32, 0), (2, 7, 1, 4), (2, 7, 1, U32)):
        yield f"state {role} {disk} {repl} {flags:#x}", send(CONTROL, STATE, pack(
            STATE, role=role, disk_state=disk, repl_state=repl, flags=flags)), DROP
    if victim_primary:
        yield "a second Primary", send(CONTROL, STATE, pack(
            STATE, role=1, disk_state=7, repl_state=1)), DROP
    yield "bye", send(CONTROL, BYE), DROP
    yield "refused", send(CONTROL, REFUSED, pack(REFUSED, code=1, text=b"\x1b[2J\xff" * 20)), \
        DROP
    for what in (0, 1, 3, U32):
        yield f"order {what}", send(CONTROL, RESYNC_CONTROL, pack(
            RESYNC_CONTROL, what=what)), DROP
    for slot, count, payload in ((own, 0, 16), (own, 2, 16), (own, U32, 16), (own, 1, 0),
                                 (own ^ 1, 1, 16), (8, 1, 16), (U32, 1, 16),
                                 (own, 1 << 28, 0)):
        yield f"lost slot {slot} {count} {payload}", send(CONTROL, LOSE_SLOT, pack(
            LOSE_SLOT, slot=slot, ranges=count), bytes(payload)), DROP
    for kind in (PROMOTE_ANSWER, SKIP_SYNC_ANSWER, LOSE_SLOT_ANSWER):
        for value in (0, 1, BIG):
            yield f"answer {kind} to {value:#x}", send(CONTROL, kind, pack(
                kind, id=value, text=b"\xff" * 108)), KEEP
    for value in (0, 1, BIG):
        yield f"pong {value:#x}", send(CONTROL, PONG, pack(PONG, cookie=value)), KEEP
    yield "ping twice", twice(CONTROL, PING, pack(PING, cookie=3)), DROP
    for kind in (PROMOTE, SKIP_SYNC):
        yield f"question {kind}", send(CONTROL, kind, pack(kind, id=BIG)), KEEP


def resync_bits(bits):
    """BITMAP beside the device; @bits of it there are."""
    end = (bits + 63) // 64 * 64
    for first, count, payload in ((1, 64, 8), (end, 64, 8), (end - 64, 128, 16),
                                  (BIG - 63, 64, 8), (1 << 63, 64, 8), (0, 0, 8),
                                  (0, 63, 8), (0, U32, 8), (0, 128, 8), (0, 64, 16),
                                  (0, 1 << 31, 8), (0, 65, 8 + 8)):
        yield f"{count} bits at {first:#x} in {payload}", send(RESYNC, BITMAP, pack(
            BITMAP, first=first, bits=count), b"\xff" * payload), DROP


def resync_as_source(size):
    """To a target: data and digests that make no sense."""
    for sector, length in ranges(size):
        body = pack(RESYNC_DATA, id=1, sector=sector, length=length)
        if length <= 4096:
            yield f"data of {length} at {sector:#x}", send(
                RESYNC, RESYNC_DATA, body, bytes(length // 512 * 512 or 512)), DROP
        yield f"digests of {length} at {sector:#x}", send(RESYNC, DIGEST, body, bytes(16)), DROP
    for length, flags, payload in ((512, 0, 0), (512, 1, 512), (1024, 0, 512)):
        yield f"data of {length} {flags} {payload}", send(RESYNC, RESYNC_DATA, pack(
            RESYNC_DATA, id=1, length=length, flags=flags), bytes(payload)), DROP
    for payload in (0, 16, 4096):
        yield f"{payload} bytes of digests", send(RESYNC, DIGEST, pack(
            DIGEST, id=1, length=8192), bytes(payload)), DROP
    yield "a request to a target", send(RESYNC, RESYNC_REQUEST, pack(
        RESYNC_REQUEST, id=1, length=4096)), DROP
    for kind in (DIGEST_ANSWER, RESYNC_END_ANSWER):
        yield f"answer {kind} to a target", send(RESYNC, kind, pack(
            kind, id=1) if kind == DIGEST_ANSWER else pack(kind), smallest(kind)), DROP
    yield "an end before the bits", send(RESYNC, RESYNC_END, pack(
        RESYNC_END, generation=5)), DROP
    yield "an end without a generation", send(RESYNC, RESYNC_END, pack(RESYNC_END)), DROP
    yield "an end with a gap", send(RESYNC, RESYNC_END, pack(
        RESYNC_END, generation=5, history=[0, 4])), DROP
    yield "an end of no node", send(RESYNC, RESYNC_END, pack(
        RESYNC_END, generation=5, history=[4], history_node=[8])), DROP


def resync_as_target(size):
    """To a source: requests and answers that make no sense."""
    for sector, length in ranges(size):
        yield f"request of {length} at {sector:#x}", send(RESYNC, RESYNC_REQUEST, pack(
            RESYNC_REQUEST, id=1, sector=sector, length=length)), DROP
    for payload in (8, 32):
        yield f"{payload} bytes of a digest answer", send(RESYNC, DIGEST_ANSWER, pack(
            DIGEST_ANSWER, id=BIG, length=4096), bytes(payload)), DROP
    yield "data to a source", send(RESYNC, RESYNC_DATA, pack(
        RESYNC_DATA, id=1, length=512), bytes(512)), DROP
    yield "digests to a source", send(RESYNC, DIGEST, pack(
        DIGEST, id=1, length=4096), bytes(16)), DROP
    yield "an end to a source", send(RESYNC, RESYNC_END, pack(
        RESYNC_END, generation=5)), DROP
    yield "an answer to no end", send(RESYNC, RESYNC_END_ANSWER, pack(
        RESYNC_END_ANSWER, generation=5)), DROP
    yield "an ack of nothing", send(RESYNC, RESYNC_ACK, pack(RESYNC_ACK, id=BIG)), KEEP


def no_resync():
    """Types of a resync where there is none."""
    for kind in sorted(kind for kind in STREAMS if STREAMS[kind] == {RESYNC}):
        yield f"type {kind} without a resync", send(
            RESYNC, kind, pack(kind), smallest(kind)), DROP


# Named here so that a type added to the protocol without a case is noticed.
assert {AUTH, READY, SNAPSHOT, BITMAP_END} | HANDSHAKE_TYPES | UP_TYPES <= set(FIELDS)
