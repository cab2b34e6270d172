"""Messages of Documentation/protocol.rst: their bytes, made and taken apart by hand.

Written from that document and from nothing else, so that it tests the document too.
"""
# SPDX-License-Identifier: GPL-2.0-only
import struct

MAGIC = 0x31574168
HEAD = struct.Struct("<IHHQHHIII")
MAX_PAYLOAD = 1 << 20
CONTROL, DATA, RESYNC = 0, 1, 2

(HELLO, AUTH, REFUSED, READY, SNAPSHOT, VERDICT, COMMIT, PING, PONG, STATE, BYE, PROMOTE,
 PROMOTE_ANSWER, SKIP_SYNC, SKIP_SYNC_ANSWER, RESYNC_CONTROL) = range(1, 17)
WRITE, FLUSH, READ, ACK, READ_DATA = range(32, 37)
(BITMAP, BITMAP_END, RESYNC_REQUEST, RESYNC_DATA, RESYNC_ACK, DIGEST, DIGEST_ANSWER,
 RESYNC_END, RESYNC_END_ANSWER) = range(48, 57)
LOSE_SLOT, LOSE_SLOT_ANSWER = 64, 65
RESERVED = (0, 17, 31, 37, 47, 57, 66, 67, 68, 69, 70, 71, 255, 256, 65535)

QUESTION = "id:Q generation:Q uuid:16s"
ANSWER = "id:Q generation:Q code:I text:108s"
IO = "id:Q sector:Q length:I op:I position:Q generation:I not_sent:I"
RANGE = "id:Q sector:Q length:I flags:I"
LINEAGE = "history:32Q history_node:32I history_time:32Q"

BODY = {
    HELLO: "version_min:I version_max:I node_id:B peer_id:B stream:B auth:B max_payload:I "
           "features:Q window_bytes:I window_messages:H data_streams:B spare:B session:Q name:64s nonce:32s",
    AUTH: "session:Q mac:32s",
    REFUSED: "code:I text:124s",
    READY: "instance:Q",
    SNAPSHOT: f"current_gen:Q base:8Q {LINEAGE} resource_uuid:16s device_uuid:16s "
              "data_sectors:Q device_sectors:Q out_of_sync:Q written:Q instance:Q "
              "peer_instance:Q session:Q previous_session:Q nonce:Q flags:I disk_state:I "
              "role:I bit_shift:I region_shift:I logical_block:I after_sb:I spare:I",
    VERDICT: "verdict:I row:I nonce:Q",
    COMMIT: "session:Q",
    PING: "cookie:Q", PONG: "cookie:Q",
    STATE: "role:I disk_state:I repl_state:I flags:I current_gen:Q data_sectors:Q",
    BYE: "",
    PROMOTE: QUESTION, PROMOTE_ANSWER: ANSWER, SKIP_SYNC: QUESTION,
    SKIP_SYNC_ANSWER: ANSWER,
    RESYNC_CONTROL: "what:I spare:I",
    WRITE: IO, FLUSH: IO, READ: IO,
    ACK: "id:Q status:I spare:I", READ_DATA: "id:Q status:I spare:I",
    BITMAP: "first:Q bits:I suspect:I", BITMAP_END: "bits_set:Q",
    RESYNC_REQUEST: RANGE, RESYNC_DATA: RANGE, DIGEST: RANGE, DIGEST_ANSWER: RANGE,
    RESYNC_ACK: "id:Q status:I spare:I",
    RESYNC_END: f"generation:Q resource_uuid:16s base:8Q {LINEAGE} code:I spare:I",
    RESYNC_END_ANSWER: f"generation:Q resource_uuid:16s base:8Q {LINEAGE} code:I spare:I",
    LOSE_SLOT: "id:Q slot:I ranges:I",
    LOSE_SLOT_ANSWER: ANSWER,
}
FIELDS = {kind: [field.split(":") for field in text.split()] for kind, text in BODY.items()}
STREAMS = {kind: {DATA} if WRITE <= kind <= READ_DATA else
           {RESYNC} if BITMAP <= kind <= RESYNC_END_ANSWER else
           {CONTROL, DATA, RESYNC} if kind <= REFUSED else {CONTROL} for kind in BODY}
HANDSHAKE_TYPES = {REFUSED, READY, SNAPSHOT, VERDICT, COMMIT, PING, PONG, BYE}
UP_TYPES = {kind for kind in BODY if kind not in
            {HELLO, AUTH, READY, SNAPSHOT, VERDICT, COMMIT}}


def _table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82f63b78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = _table()


def crc32c(data, crc=0xffffffff):
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc


PRIMES = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
          0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
U64 = (1 << 64) - 1


def _turn(value, bits):
    return (value << bits | value >> 64 - bits) & U64


def _lane(lane, word):
    return _turn((lane + word * PRIMES[1]) & U64, 31) * PRIMES[0] & U64


def _lanes(words, count):
    """What the first 32 bytes of each count come to."""
    p1, p2 = PRIMES[:2]
    lanes = [(p1 + p2) & U64, p2, 0, -p1 & U64]
    for at in range(0, count, 4):
        lanes = [_lane(lane, word) for lane, word in zip(lanes, words[at:at + 4])]
    value = sum(_turn(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & U64
    for lane in lanes:
        value = ((value ^ _lane(0, lane)) * p1 + PRIMES[3]) & U64
    return value


def xxh64(data):
    """XXH64 with seed 0, of data whose length is a multiple of 8."""
    assert len(data) % 8 == 0, "no payload has such a length"
    words = struct.unpack(f"<{len(data) // 8}Q", data)
    count = len(words) // 4 * 4
    value = _lanes(words, count) if count else PRIMES[4]
    value = (value + len(data)) & U64
    for word in words[count:]:
        value = (_turn(value ^ _lane(0, word), 27) * PRIMES[0] + PRIMES[3]) & U64
    for bits, prime in ((33, PRIMES[1]), (29, PRIMES[2]), (32, 1)):
        value = (value ^ value >> bits) * prime & U64
    return value


def payload_sum(payload):
    """The seed of a message's crc; of a wrong length any will do."""
    if not payload:
        return 0xffffffff
    return xxh64(payload + bytes(-len(payload) % 8)) & 0xffffffff


def pack(kind, **values):
    """The body of a message; what is not given is zero."""
    out = b""
    for name, form in FIELDS[kind]:
        value = values.pop(name, b"" if form[-1] == "s" else 0)
        count = int(form[:-1] or 1)
        if form[-1] != "s" and count > 1:
            value = list(value or [])
            out += struct.pack("<" + form, *(value + [0] * count)[:count])
        else:
            out += struct.pack("<" + form, value)
    assert not values, f"no such fields: {values}"
    return out


def unpack(kind, body):
    """The body's fields as a dict."""
    out, offset = {}, 0
    for name, form in FIELDS[kind]:
        found = struct.unpack_from("<" + form, body, offset)
        offset += struct.calcsize("<" + form)
        out[name] = found[0] if len(found) == 1 else list(found)
    return out


def message(kind, body=b"", payload=b"", /, **wrong):
    """A whole message. wrong: header fields that shall not be as they should."""
    head = {"magic": MAGIC, "type": kind, "flags": 0, "sequence": 0, "body": len(body),
            "spare": 0, "payload": len(payload), "tag": 0, **wrong}
    crc = head.pop("crc", None)
    values = [head[name] for name in ("magic", "type", "flags", "sequence", "body",
                                      "spare", "payload", "tag")]
    if crc is None:
        crc = crc32c(HEAD.pack(*values, 0) + body, payload_sum(payload))
    return HEAD.pack(*values, crc) + body + payload


class Message:
    """One that was received: kind, its fields, payload."""

    def __init__(self, head, body, payload):
        self.kind, self.sequence, self.tag = head[1], head[3], head[7]
        self.fields = unpack(self.kind, body)
        self.payload = payload
        crc = crc32c(HEAD.pack(*head[:8], 0) + body, payload_sum(payload))
        assert crc == head[8], f"a message of type {self.kind} with a wrong checksum"

    def __getitem__(self, name):
        return self.fields[name]
