"""The steps of a hostile user: netlink requests, and metadata that somebody damaged."""
# SPDX-License-Identifier: GPL-2.0-only
import errno
import mmap
import os
import random
import struct
import time

import guest
import hostile_netlink as nl
from hostile_wire import crc32c

BLOCK = 4096
TAIL = 1 << 20                  # of the disk, for both superblocks
SUPER, INTENTS = 1, 3
AREAS = {1: "superblock", 2: "bitmap", 3: "intents"}


class Local:
    """Mixed into the steps: what comes from this very machine."""

    # -- netlink

    def netlink(self):
        """Each operation with each attribute wrong: refused, and nothing has changed."""
        client, count, taken = nl.Netlink("a"), 0, []
        before = client.resources()
        for command in nl.UNKNOWN:
            assert client.request(command, nl.attribute(nl.NAME, b"r0\0")) == errno.EOPNOTSUPP
            count += 1
        for command in nl.CHANGES:
            for what, body in nl.wrong_values(command):
                count += 1
                if command == nl.RESOURCE_NEW and what == "a name of nobody":
                    continue
                if not client.request(command, body):
                    taken.append(f"{command}: {what}")
        assert not taken, f"taken: {taken[:9]}"
        assert client.resources() == before, "the state has changed"
        client.close()
        return f"{count} requests refused"

    def netlink_random(self):
        """Random and mutated requests as root; whatever they did, it can be undone."""
        client, count = nl.Netlink("a"), 0
        end = time.monotonic() + self.args.seconds
        while time.monotonic() < end:
            chance = random.Random(f"{self.args.seed} netlink {count}")
            body = bytearray(mutated(chance, chance.randrange(1, 22)))
            if chance.randrange(8) == 0:
                client.raw(struct.pack("<IHHII", chance.choice([0, 15, 16, 20, 9999]),
                                       client.family, 5, 0, 0) + bytes(body))
            else:
                client.request(chance.randrange(0, 24), bytes(body))
            count += 1
        for name in client.names():
            error = client.request(nl.DOWN, nl.attribute(nl.NAME, name) +
                                   nl.attribute(nl.FORCE))
            assert not error, f"down of {name}: {errno.errorcode.get(error, error)}"
        assert not client.names()
        client.close()
        return f"{count} requests, seed {self.args.seed}"

    def netlink_user(self):
        """Whoever is not root may look, and nothing else."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                as_nobody()
                status = 0
            except Exception as error:          # pylint: disable=broad-except
                print(f"     {error}", flush=True)
            os._exit(status)
        assert os.waitpid(child, 0)[1] == 0, "not refused to a user"
        return f"{len(nl.CHANGES)} operations refused to a user"

    # -- metadata

    def images(self):
        """Superblock, bitmap and intent blocks damaged at random: refused or more dirty."""
        node, other = self.c
        other.hadm("down", "r0")
        node.hadm("primary", "r0")
        node.fill(node.device(), 2, offset=5)
        crashed = Image(node)                   # what is dirty, intents tell
        node.hadm("secondary", "r0")
        idle = Image(node)                      # what is dirty, bitmaps tell
        idle.no_intents()
        node.hadm("disconnect", "r0")
        node.hadm("detach", "--force", "r0")
        client = nl.Netlink(node.namespace)
        images = []
        for image in (crashed, idle):
            image.write(image.data)
            clean = self.attached(node, client)
            assert clean, f"the disk is not taken as it was: {client.text}"
            images.append((image, clean))
        count, refused, end = 0, 0, time.monotonic() + self.args.seconds
        while time.monotonic() < end:
            refused += self.damaged(node, client, *images[count % 2], count) is None
            count += 1
        image.write(image.data)
        assert self.attached(node, client) == clean
        client.close()
        return f"{count} images, {refused} refused, seed {self.args.seed}"

    def damaged(self, node, client, image, clean, number):
        """One image, attached: never clean where it was dirty, unless it was forged."""
        chance = random.Random(f"{self.args.seed} image {number}")
        what, data, sealed = image.damaged(chance)
        image.write(data)
        try:
            dirty = self.attached(node, client, use=chance.randrange(2))
            assert dirty is None or sealed or dirty >= clean, \
                f"{dirty} bytes dirty, they were {clean}"
        except Exception as error:
            raise AssertionError(f"image {number} of seed {self.args.seed}, {what}: "
                                 f"{error}") from error
        return dirty

    def attached(self, node, client, use=False):
        """Attach and detach it: dirty bytes; None when it was refused in words."""
        name = nl.attribute(nl.NAME, b"r0\0")
        path = nl.attribute(nl.DISK, node.disk().encode() + b"\0")
        if client.request(nl.ATTACH, name + path):
            assert len(client.text) > 15, f"no reason: {client.text!r}"
            return None
        dirty = client.out_of_sync()
        if use and not client.request(nl.PRIMARY, name + nl.attribute(nl.FORCE)):
            write_a_block(node.device())
            client.request(nl.SECONDARY, name)
        error = client.request(nl.DETACH, name + nl.attribute(nl.FORCE))
        assert not error, f"detach: {client.text}"
        return dirty


def write_a_block(path):
    """What becomes of it is the disk's business; it ends."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_DIRECT)
    except OSError:
        return
    try:
        os.pwrite(fd, mmap.mmap(-1, BLOCK), 0)
        os.fsync(fd)
    except OSError:
        pass
    finally:
        os.close(fd)


def as_nobody():
    """In a process of its own: each operation is refused."""
    client = nl.Netlink("a")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    before = client.resources()
    for command in nl.CHANGES:
        error = client.request(command, b"".join(nl.good(command)))
        assert error == errno.EPERM, f"operation {command} as a user: {error}"
    assert client.resources() == before


def mutated(chance, command):
    """Attributes of a request: some gone, twice, cut, of another kind, or noise."""
    name = chance.choice([b"r0\0", b"r0\0", b"r1\0", b"\xff\xfe\0", b"a/b\0", b"%s%n\0",
                          b"..\0", b"x" * 63 + b"\0"])
    parts = nl.good(command, name)
    for _ in range(chance.randrange(3)):
        number = chance.randrange(len(parts))
        parts[number:number + 1] = chance.choice([
            [], [parts[number]] * 2, [nl.attribute(chance.randrange(30), b"\0" * 4)],
            [chance.randbytes(chance.randrange(40))],
            [nl.attribute(chance.randrange(1, 30) | nl.NESTED, chance.randbytes(16))],
            [nl.attribute(nl.DISK, chance.choice([b"/dev/null\0", b"/\0", b"/dev/ram1\0",
                                                  b"/dev/ha0\0", b"y" * 255 + b"\0"]))],
            [nl.peer(nl.u32(chance.randrange(1, 28), chance.choice([0, 1, 100, 1 << 31])),
                     nl.u32(nl.P_NODE, chance.randrange(9)))]])
        if not parts:
            break
    body = bytearray(b"".join(parts))
    for _ in range(chance.choice([0, 0, 1, 3])):
        if body:
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    return body[:chance.choice([len(body)] * 4 + [chance.randrange(len(body) + 1)])]


class Image:
    """The end of a disk, where all its metadata is."""

    def __init__(self, node):
        self.path = node.disk()
        guest.drop_cache(self.path)
        with open(self.path, "rb") as file:
            self.size = file.seek(0, os.SEEK_END)
            self.start = self.size - 2 * TAIL
            file.seek(self.start)
            self.data = file.read()
        self.blocks = {area: self.found(area) for area in AREAS}
        assert len(self.blocks[SUPER]) == 2 and all(self.blocks.values()), self.blocks

    def found(self, area):
        return [at for at in range(0, len(self.data), BLOCK)
                if struct.unpack_from("<IH", self.data, at) == (0x4d414868, area)]

    def no_intents(self):
        """As after all of them were cleared."""
        data = bytearray(self.data)
        for at in self.blocks[INTENTS]:
            block = data[at:at + 24] + bytes(4) + data[at + 28:at + 32] + \
                bytes(BLOCK - 32)
            block[24:28] = struct.pack("<I", crc32c(block))
            data[at:at + BLOCK] = block
        self.data = bytes(data)

    def write(self, data):
        with open(self.path, "r+b") as file:
            file.seek(self.start)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        guest.drop_cache(self.path)

    def damaged(self, chance):
        """(what was done, the bytes, was a block sealed again)"""
        data, done, sealed = bytearray(self.data), [], False
        for _ in range(chance.choice([1, 1, 1, 2, 4])):
            area = chance.choice([1, 1, 2, 3])
            # most blocks say nothing: one that does is as likely as all of them
            told = [at for at in self.blocks[area] if any(self.data[at + 32:at + BLOCK])]
            at = chance.choice(chance.choice([told or self.blocks[area], self.blocks[area]]))
            how = chance.choice(["flip", "zero", "noise", "other", "sealed", "sealed"])
            block = bytearray(data[at:at + BLOCK])
            if how in ("flip", "sealed"):
                self.flip(block, chance, how == "sealed")
            elif how == "other":
                place = chance.choice(sum(self.blocks.values(), []))
                block = self.data[place:place + BLOCK]
            else:
                block = bytes(BLOCK) if how == "zero" else chance.randbytes(BLOCK)
            sealed |= how == "sealed"
            data[at:at + BLOCK] = block
            done.append(f"{how} of {AREAS[area]} at {at}")
        return ", ".join(done), bytes(data), sealed

    @staticmethod
    def flip(block, chance, seal):
        for _ in range(chance.choice([1, 1, 4])):
            at = chance.choice([chance.randrange(32), chance.randrange(240),
                                chance.randrange(BLOCK)])
            if chance.randrange(2):
                block[at] ^= 1 << chance.randrange(8)
            else:
                at &= ~7
                block[at:at + 8] = struct.pack("<Q", chance.choice(
                    [0, 1, 7, 8, 1 << 20, 1 << 31, 1 << 32, 1 << 63, (1 << 64) - 1]))
        if seal:
            block[24:28] = bytes(4)
            block[24:28] = struct.pack("<I", crc32c(block))
