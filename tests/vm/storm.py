"""Inside a guest: everything at once on one end of a pair, to make races happen.

    storm.py NUMBER ADDRESS PEER SEED SECONDS LONGEST DEVICES...

NUMBER is the node id; DEVICES are the backing disks of r0, r1 and r2. Each loop below
is a thread with a socket of its own: all the time is spent in the kernel, so they run
side by side. Refusals are part of it. On a busy machine it goes on, at most for LONGEST
seconds, until each of MUST has succeeded. In the end all is as it was in the
beginning, but for what needs the peer; the last line printed says how often each
request succeeded and was refused.
"""
# SPDX-License-Identifier: GPL-2.0-only
import fcntl
import json
import mmap
import os
import pathlib
import random
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "uml"))

import netlink      # noqa: E402
from netlink import Refused, address    # noqa: E402

BLKZEROOUT = 0x127f
PORT = 7788
SCRIBBLE = 16 << 20     # from here on threads write what they like
SPAN = 2 << 20
INDEX = {"r0": 2, "r1": 1, "r2": 0}     # of the device, and of the port
RATE = struct.pack("<Q", 8 << 20)

# By node: each must have worked at least twice, or the storm was none.
MUST = [{"cut", "get", "I/O r0", "I/O r1", "suspend_io r0", "primary r1", "detach r1",
         "attach r1", "disconnect r1", "down r2", "attach r2"},
        {"get", "detach r0", "attach r0", "invalidate r0", "pause_sync r0",
         "disconnect r0", "fail r1", "detach r1", "attach r1", "down r2", "attach r2"}]


class Storm:
    """One end."""

    def __init__(self, number, here, there, seed, seconds, longest, disks):
        self.number, self.here, self.there = number, here, there
        self.namespace = "ab"[number]
        self.seed, self.disks = seed, dict(zip(("r0", "r1", "r2"), disks))
        self.end = time.monotonic() + seconds
        self.last = time.monotonic() + longest
        self.counts, self.refusals, self.errors = {}, {}, []
        self.peer = {"peer": {"node_id": 1 - number}}

    def over(self):
        now = time.monotonic()
        return now > self.end and (now > self.last or not self.missing())

    def missing(self):
        return [what for what in MUST[self.number] if self.counts.get(what, 0) < 2]

    def minor(self, name):
        return 10 * self.number + INDEX[name]

    def device(self, name):
        return f"/dev/ha{self.minor(name)}"

    # -- one thread each; "chance" is its own

    def poll(self, client, chance, name):
        """Status, and often."""
        while not self.over():
            client.get(name)
            self.count("get")
            self.pause(chance, 0.2)

    def disk(self, client, chance, name):
        """The disk leaves and comes back."""
        while not self.over():
            self.pause(chance, 1)
            self.ask(client, "detach", name)
            self.pause(chance, 0.3)
            self.attach(client, name)

    def fail(self, client, chance, name):
        """The disk fails under the module, and is whole again."""
        mapped = pathlib.Path(self.disks[name]).name
        linear = subprocess.run(["dmsetup", "table", mapped], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        error = " ".join(linear.split()[:2] + ["error"])
        while not self.over():
            self.pause(chance, 6)
            for table in (error, linear):
                self.remap(mapped, table)
                self.pause(chance, 0.5)
            self.count(f"fail {name}")
            self.attach(client, name)

    def remap(self, mapped, table):
        for words in (["reload", mapped, "--table", table],
                      ["suspend", "--noflush", "--nolockfs", mapped], ["resume", mapped]):
            subprocess.run(["dmsetup", *words], check=True)

    def sync(self, client, chance, name):
        """Resyncs, which are paused and have other speeds."""
        while not self.over():
            self.ask(client, "invalidate", name)
            for _ in range(3):
                self.pause(chance, 0.3)
                self.ask(client, "pause_sync", name, **self.peer)
                self.ask(client, "resource_set", name,
                         resync_rate=chance.choice((RATE, bytes(8))))
                self.ask(client, "resume_sync", name, **self.peer)
            self.pause(chance, 1)

    def session(self, client, chance, name):
        """Sessions end, by our wish, and begin."""
        while not self.over():
            self.pause(chance, 2)
            self.ask(client, "disconnect", name, **self.peer)
            self.pause(chance, 0.2)
            self.ask(client, "connect", name, **self.peer)

    def suspend(self, client, chance, name):
        while not self.over():
            self.pause(chance, 1)
            self.ask(client, "suspend_io", name)
            self.pause(chance, 0.1)
            self.ask(client, "resume_io", name)

    def role(self, client, chance, name):
        """Primary for some writes."""
        while not self.over():
            if self.ask(client, "primary", name):
                try:
                    self.write(chance, name, 20, time.monotonic() + 1)
                except OSError as error:
                    self.refuse("write", name, error)
            self.ask(client, "secondary", name)
            self.pause(chance, 0.3)

    def life(self, client, chance, name):
        """Down, and up from nothing."""
        while not self.over():
            self.pause(chance, 2)
            self.ask(client, "down", name, force=True)
            self.up(client, name)

    def scribble(self, _, chance, name):
        """Writes that overlap those of others; none of them may fail."""
        while not self.over():
            try:
                self.write(chance, name, 50, self.last)
                self.pause(chance, 0.1)
            except OSError as error:
                self.errors.append(f"{name}: {error}")
                return

    def link(self, _, chance):
        """Packets vanish, or the carrier."""
        for cut, join in self.cuts(chance):
            self.pause(chance, 4)
            subprocess.run(cut.split(), check=True)
            self.pause(chance, 3)
            subprocess.run(join.split(), check=True)
            self.count("cut")

    def cuts(self, chance):
        tc = "tc -n a qdisc {} dev v root{}"
        while not self.over():
            yield chance.choice((
                (tc.format("add", " netem loss 100%"), tc.format("del", "")),
                (tc.format("add", " netem delay 20ms 10ms loss 5%"), tc.format("del", "")),
                ("ip -n a link set v down", "ip -n a link set v up")))

    # -- what they are made of

    def pause(self, chance, most):
        time.sleep(chance.random() * most)

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def refuse(self, command, name, error):
        self.refusals[f"{command} {name}: {error}"] = \
            self.refusals.get(f"{command} {name}: {error}", 0) + 1

    def ask(self, client, command, name, **values):
        try:
            client.ask(command, name=name, **values)
        except Refused as error:
            self.refuse(command, name, error)
            return False
        self.count(f"{command} {name}")
        return True

    def attach(self, client, name):
        return self.ask(client, "attach", name, disk=self.disks[name])

    def up(self, client, name):
        port = PORT + INDEX[name]
        peer = {"node_id": 1 - self.number, "name": f"node{2 - self.number}",
                "local_address": address(self.here, port),
                "peer_address": address(self.there, port), "secret": "s3cret",
                "timeout": 2000, "ping_interval": 1000, "ping_timeout": 2000,
                "connect_interval": 100}
        self.ask(client, "resource_new", name, node_id=self.number,
                 minor=self.minor(name))
        self.ask(client, "peer_new", name, peer=peer)
        self.attach(client, name)
        self.ask(client, "connect", name, **self.peer)

    def write(self, chance, name, count, end):
        """Writes, reads, flushes and zeroes of all sizes, here and there."""
        fd = os.open(self.device(name), os.O_RDWR | os.O_DIRECT)
        buffer = mmap.mmap(-1, 1 << 17)
        buffer[:] = chance.randbytes(1 << 17)
        try:
            while count and time.monotonic() < end:
                count -= 1
                size = 512 << chance.randrange(9)
                offset = SCRIBBLE + chance.randrange(SPAN // size) * size
                kind = chance.randrange(16)
                if kind == 0:
                    os.fsync(fd)
                elif kind == 1:
                    fcntl.ioctl(fd, BLKZEROOUT, struct.pack("<QQ", offset, size))
                elif kind < 5:
                    os.preadv(fd, [memoryview(buffer)[:size]], offset)
                else:
                    os.pwrite(fd, memoryview(buffer)[:size], offset)
                self.count(f"I/O {name}")
        finally:
            os.close(fd)

    # -- all together

    def loops(self):
        both = [(self.poll, "r0"), (self.poll, "r0"), (self.disk, "r1"),
                (self.session, "r1"), (self.life, "r2")]
        if self.number == 0:
            return [*both, (self.link,), (self.scribble, "r0"), (self.scribble, "r0"),
                    (self.suspend, "r0"), (self.role, "r1")]
        return [*both, (self.disk, "r0"), (self.sync, "r0"), (self.session, "r0"),
                (self.sync, "r1"), (self.fail, "r1")]

    def run_loop(self, number, loop, *words):
        client = netlink.Client(self.namespace)
        try:
            loop(client, random.Random(self.seed * 100 + number), *words)
        except BaseException as error:      # said at the end, with the others
            self.errors.append(f"{loop.__name__} {words}: {error!r}")

    def run(self):
        threads = [threading.Thread(target=self.run_loop, args=(number, *loop))
                   for number, loop in enumerate(self.loops())]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.settle()

    def settle(self):
        """Each loop has left what it does half done, at most."""
        client = netlink.Client(self.namespace)
        for name in self.disks:
            self.ask(client, "resume_io", name)
            self.ask(client, "resume_sync", name, **self.peer)
            if name != "r0":
                self.ask(client, "secondary", name)
            self.attach(client, name)
            self.ask(client, "connect", name, **self.peer)


def main():
    number, here, there, seed, seconds, longest, *disks = sys.argv[1:]
    storm = Storm(int(number), here, there, int(seed), float(seconds), float(longest),
                  disks)
    storm.run()
    print(json.dumps({"counts": storm.counts, "refused": storm.refusals,
                      "errors": storm.errors, "missing": storm.missing()}), flush=True)


if __name__ == "__main__":
    main()
