"""Two ends with their configuration: bring them up, wait for a state, compare disks."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import time

import kernels
from node import Node

CHUNK = 1 << 20
META = 2                        # disk for external metadata
VOLATILE, VOLATILE_META = 3, 4  # disks with a cache, lost when the power goes
# A lost peer is noticed soon, yet a busy test machine is no lost peer.
NET = {"timeout": "3s", "ping-interval": "1s", "ping-timeout": "3s",
       "connect-interval": "1s"}


pause = 0.1                     # seconds between two questions


class NotReached(Exception):
    """A condition that a scenario waits for did not come true in time."""


def wait(condition, timeout=60, what=""):
    """Ask until true; the value. The pause is between questions, not for the answer."""
    end = time.monotonic() + timeout * kernels.patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NotReached(f"not within {timeout} s: {what or condition.__name__}")
        time.sleep(pause)


class Cluster:
    """The nodes of a scenario; c[0] and c[1]."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.machines = list(dict.fromkeys(node.machine for node in nodes))
        self.resources = {}     # name -> index
        self.wait = wait

    def __getitem__(self, number):
        return self.nodes[number]

    def __iter__(self):
        return iter(self.nodes)

    # -- configuration

    def resource(self, name="r0", index=0, *, net=None, disk=None, options=None,
                 secret="s3cret", external=False, ipv6=False, backing=None,
                 metadata=None):
        """Text of one resource; net, disk and options are dicts of keywords.

        backing and metadata: for each node's name the path of a device to take.
        """
        self.resources[name] = index
        net = {"shared-secret": f'"{secret}"', **NET, **(net or {})}
        lines = [f"resource {name} {{", "  protocol C;"]
        for section, words in (("net", net), ("disk", disk), ("options", options)):
            if words:
                text = " ".join(f"{key} {value};" for key, value in words.items())
                lines.append(f"  {section} {{ {text} }}")
        for node in self.nodes:
            meta = (metadata or {}).get(node.name) or \
                (node.disk(META) if external else "internal")
            where = f"ipv6 [{node.address6}]" if ipv6 else node.address
            data = (backing or {}).get(node.name) or node.disk(index)
            lines.append(f"  on {node.name} {{ device {node.device(index)}; disk {data}; "
                         f"meta-disk {meta}; address {where}:{7788 + index}; }}")
        return "\n".join(lines + ["}", ""])

    def configure(self, *texts, nodes=None):
        text = "".join(texts) or self.resource()
        for node in nodes or self.nodes:
            node.configure(text)

    # -- the usual way up

    def load(self):
        for machine in self.machines:
            next(n for n in self.nodes if n.machine is machine).load_module()

    def create(self, name="all"):
        for node in self.nodes:
            node.hadm("create-md", name)

    def up(self, name="all"):
        for node in self.nodes:
            node.hadm("up", name)

    def ready(self, *texts):
        """From empty disks to UpToDate on both sides without an initial sync."""
        self.load()
        self.configure(*texts)
        self.create()
        self.up()
        for name in self.resources:
            self.wait_connected(name)
            self.skip_initial_sync(name)
            self.wait_in_sync(name)

    def skip_initial_sync(self, name):
        self.nodes[0].hadm("skip-initial-sync", name)

    # -- states

    def connected(self, name="r0"):
        return all(node.connection(name) == "Connected" for node in self.nodes)

    def in_sync(self, name="r0"):
        for node in self.nodes:
            status = node.status(name)
            if not status or status["device"]["disk"] != "UpToDate":
                return False
            for peer in status["peers"]:
                if (peer["connection"], peer["disk"], peer["replication"]) != \
                        ("Connected", "UpToDate", "Established") \
                        or peer["out_of_sync_bytes"]:
                    return False
        return True

    def _wait_state(self, condition, timeout, name, what):
        try:
            wait(condition, timeout, f"{name} {what}")
        except NotReached as error:
            states = [node.status(name) for node in self.nodes if node.machine.alive()]
            raise NotReached(f"{error}; status: {states}") from None

    def wait_connected(self, name="r0", timeout=30):
        self._wait_state(lambda: self.connected(name), timeout, name, "connected")

    def wait_in_sync(self, name="r0", timeout=120):
        self._wait_state(lambda: self.in_sync(name), timeout, name, "in sync")

    # -- faults

    def kill(self, number):
        self.nodes[number].machine.kill()

    def power_off(self, *numbers):
        """They lose power at one moment, and their disks what was not flushed."""
        for number in numbers:
            self.nodes[number].machine.volatile.die()
        for number in numbers:
            self.kill(number)

    def volatile_resource(self, **options):
        """A resource on disks that lose what was not flushed, metadata on another."""
        return self.resource(index=VOLATILE, metadata={
            node.name: node.disk(VOLATILE_META) for node in self.nodes}, **options)

    def start(self, *numbers):
        """Boot killed machines again, together; module and configuration in place."""
        for number in numbers:
            self.nodes[number].machine.power_on()
        for number in numbers:
            node = self.nodes[number]
            node.machine.wait_booted()
            node.load_module()
            node.configure(node.text)

    def wait_lost(self, *numbers, timeout=30):
        """Wait until these nodes (default: both) have noticed the loss of the peer."""
        for number in numbers or range(len(self.nodes)):
            node = self.nodes[number]
            wait(lambda: node.connection() != "Connected", timeout,
                 f"{node.name} notices the loss")

    def cut(self):
        """Packets vanish in both directions; both ends still see a carrier."""
        for node in self.nodes:
            node.cut()

    def join(self):
        for node in self.nodes:
            node.join()

    # -- comparison

    def data_size(self, name="r0"):
        return self.nodes[0].status(name)["device"]["size_bytes"]

    def assert_equal(self, name="r0"):
        """The backing disks hold the same bytes over the data size."""
        size = self.data_size(name)
        assert size, f"{name} has no size: nothing to compare"
        index = self.resources[name]
        for machine in self.machines:
            machine.volatile.settle()
        where = first_difference(self.nodes[0].image(index), self.nodes[1].image(index),
                                 size)
        assert where is None, f"{name}: the replicas differ at byte {where} of {size}"


def first_difference(one, two, size):
    """Offset of the first byte that differs in two files' first size bytes."""
    with open(one, "rb") as file1, open(two, "rb") as file2:
        for offset in range(0, size, CHUNK):
            length = min(CHUNK, size - offset)
            data1 = os.pread(file1.fileno(), length, offset)
            data2 = os.pread(file2.fileno(), length, offset)
            if data1 != data2:
                return offset + next((i for i, (a, b) in enumerate(zip(data1, data2))
                                      if a != b), min(len(data1), len(data2)))
    return None


def pair_of_machines(machine1, machine2):
    return Cluster([Node(machine, machine.name, [0, 1, 4, 6, 7], machine.address,
                         machine.address6) for machine in (machine1, machine2)])


def pair_in_one(machine):
    """Two namespaces of one kernel.

        node1: netns a, 10.78.0.1 -- veth pair -- 10.78.0.2, netns b: node2
    """
    machine.run("""set -e
        for n in a b; do
            ip netns del $n 2>/dev/null || true
            ip netns add $n; ip -n $n link set lo up
        done
        ip -n a link add v type veth peer name v netns b
        i=1; for n in a b; do
            ip -n $n addr add 10.78.0.$i/24 dev v
            ip -n $n addr add fd78::$i/64 dev v nodad
            ip -n $n link set v up; i=$((i + 1))
        done""")
    return Cluster([
        Node(machine, "node1", [0, 1, 4], "10.78.0.1", "fd78::1", "a"),
        Node(machine, "node2", [2, 3, 5], "10.78.0.2", "fd78::2", "b")])
