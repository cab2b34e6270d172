"""Seeds of the fuzz targets: one valid input of each kind, made from the formats."""
# SPDX-License-Identifier: GPL-2.0-only
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
CONFIGS = HERE.parent / "config"
CLUSTERS = HERE.parent / "unit-cluster"
MAGIC, RIGHT = 0x31574168, 15
UP, HANDSHAKE = 3, 2

# type: (stream, body, a payload length)
BODIES = {1: (0, 136, 0), 2: (0, 40, 0), 3: (0, 128, 0), 4: (0, 8, 0), 5: (0, 848, 0),
          6: (0, 16, 0), 7: (0, 8, 0), 8: (0, 8, 0), 10: (0, 32, 0), 12: (0, 32, 0),
          13: (0, 128, 0), 16: (0, 8, 0), 32: (1, 40, 4096), 33: (1, 40, 0),
          34: (1, 40, 0), 35: (1, 16, 0), 36: (1, 16, 512), 48: (2, 16, 64),
          49: (2, 8, 0), 50: (2, 24, 0), 51: (2, 24, 4096), 53: (2, 24, 16),
          54: (2, 24, 8), 55: (2, 736, 0), 56: (2, 736, 0), 64: (0, 16, 32)}


def head(kind, body, payload):
    return struct.pack("<IHHQHHIII", MAGIC, kind, 0, 7, body, 0, payload, 0x12345678, 0)


def snapshot(current, past, base, flags=0, disk=7, role=2):
    return struct.pack("<Q8Q", current, *base) + \
        struct.pack("<32Q", *(past + [0] * 32)[:32]) + bytes(128 + 256) + \
        b"resource-uuid-16" + b"device-uuid---16" + \
        struct.pack("<9Q", 1 << 17, 1 << 17, 0, 0, 1, 2, 3, 4, 5) + \
        struct.pack("<8I", flags, disk, role, 12, 22, 512, 0, 0)


def wire():
    for kind, (stream, size, payload) in BODIES.items():
        phase = {1: 0, 2: 1}.get(kind, HANDSHAKE if 4 <= kind <= 7 else UP)
        body = struct.pack("<QQII", 1, 8, payload, 0).ljust(size, b"\0")[:size]
        yield f"type-{kind}", bytes([phase | stream << 3, RIGHT]) + \
            head(kind, size, payload) + body
    for kind, payload in ((32, 4096), (34, 0)):     # up to the last sector, and beyond
        for sector in ((1 << 17) - 8, (1 << 17) - 7, (1 << 64) - 8):
            body = struct.pack("<QQIIQII", 1, sector, 4096, 0, 1 << 17, 0, 0)
            yield f"end-{kind}-{sector:x}", bytes([UP | 1 << 3, RIGHT]) + \
                head(kind, 40, payload) + body
    equal, lacks = snapshot(9, [8, 7], [0] * 8), snapshot(8, [7], [0] * 8)
    newer = snapshot(9, [8, 7], [0, 8] + [0] * 6, flags=1, role=1)
    for name, one, two in (("equal", equal, equal), ("source", lacks, newer),
                           ("target", newer, lacks),
                           ("split", snapshot(10, [8, 7], [0] * 8), equal)):
        yield name, bytes([HANDSHAKE, RIGHT]) + head(5, 848, 0) + one + two


def superblock(internal=1, sectors=1 << 17):
    """The layout of an internal disk of 64 MiB, unsealed: the target seals it."""
    tail, end = 2048, sectors
    intent = end - tail - 8
    bitmap = intent - 8 * 8
    block = struct.pack("<IHHQQII", 0, 0, 0, 0, 1, 0, 0)
    block += struct.pack("<II3Q", 1, 8, 0, 0, 0)
    block += b"resource-uuid-16" + b"device-uuid---16"
    block += struct.pack("<6Q", bitmap if internal else sectors, end, bitmap, 1, intent, 1)
    block += struct.pack("<6I", 12, 22, 512, 0, internal, 12)
    return block.ljust(4096, b"\0")


def meta():
    block = superblock()
    span = struct.pack("<QQ", 1000, 64)
    yield "both", b"\3" + span + block + block
    yield "one", b"\1" + span + block
    yield "external", b"\3" + span + superblock(0) * 2
    yield "unsealed", b"\0" + span + block
    yield "sound", b"\x80" + span
    yield "patched", b"\x80" + span + struct.pack("<BHQ", 0, 81, 1 << 16) * 2


def attribute(kind, data):
    return struct.pack("<HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def state():
    peer = attribute(1, struct.pack("<I", 1)) + attribute(2, b"node2\0") + \
        attribute(14, struct.pack("<I", 2)) + attribute(19, struct.pack("<Q", 5)) + \
        attribute(4, struct.pack("<HH4s8s", 2, 1, b"\x7f\0\0\1", bytes(8))) + \
        attribute(24, b"no route\0")
    yield "resource", attribute(1, b"r0\0") + attribute(4, struct.pack("<I", 1)) + \
        attribute(7, struct.pack("<Q", 1 << 30)) + attribute(9, b"/dev/sdb\0") + \
        attribute(18 | 0x8000, peer) + attribute(20, b"why\0")


def config():
    for path in sorted(CONFIGS.glob("*/*.conf")):
        text = path.read_bytes()
        if b"include" not in text:
            yield path.name, text


def cluster():
    for path in sorted(CLUSTERS.glob("*/*.conf")):
        yield f"{path.parent.name}-{path.name}", path.read_bytes()


def core():
    """Messages between cluster daemons: as they stand, and sent into a core."""
    text = b"\x01A" + b"\x01m"
    at = bytes(32)
    bodies = {0: struct.pack("<III", 0, 1, 1) + b"x", 1: bytes(56) + at * 2 + bytes(12),
              2: bytes(8) + struct.pack("<IIQQ", 1, 2, 1, 1), 4: at,
              5: bytes(16) + struct.pack("<I", 7) + at, 6: at,
              7: struct.pack("<I", 1) + text + bytes(4), 8: b"\x02r0" + bytes(4),
              9: bytes(16), 10: bytes(16) + struct.pack("<IQII", 1, 1, 1, 0) + text,
              11: bytes(12), 12: b"", 13: bytes(16)}
    for kind, body in bodies.items():
        message = b"HC\x01" + bytes([kind]) + struct.pack("<IQIQ", 1, 4, 1, 1) + body
        yield f"message-{kind}", b"\0" + message
        yield f"into-{kind}", b"\1" + struct.pack("<H", len(message)) + message
    for kind in (1, 2, 3, 4, 6):
        yield f"entry-{kind}", b"\3HCE\x01\x01" + bytes(16) + struct.pack("<I", kind) + \
            bytes(32) + (bytes(4) + b"\x04op/a" + bytes(4) if kind == 1 else
                         b"\x04op/a" if kind == 2 else bytes(8) if kind < 6 else bytes(4))
    yield "snapshot", b"\2HCS\x01\0" + bytes(16 + 64 + 20 + 4 * 33 + 8 + 512)


def of(target):
    return globals()[target]()
