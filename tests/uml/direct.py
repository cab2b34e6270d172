"""A pair whose verbs are netlink requests of this process: no program is started.

A status or a verb then costs little, and the connection may be faster to notice and
to return than hadm allows. What hadm itself does is tested elsewhere.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import struct
import threading

import guest            # first: it says where the modules of tests/vm are
import cluster
import link
import loads
import netlink
import node
from machine import CommandFailed, Result

PORT = 7788
# Milliseconds. A kernel with checkers on a busy machine is slow, and no lost peer.
FAST = "-fast" in os.environ.get("HA_BUILD", "")        # see scripts/uml-run
NET = {"timeout": 1500 if FAST else 3000, "ping_interval": 300 if FAST else 1000,
       "ping_timeout": 1500 if FAST else 3000, "connect_interval": 100}
PACE = 0.4 if FAST else 1       # pauses, beside these
cluster.pause = 0.02 if FAST else 0.1
FLAGS = {"--force": "force", "--discard-my-data": "discard_my_data"}
WORDS = {"UPTODATE": "UpToDate", "STANDALONE": "StandAlone", "DISKLESS": "Diskless"}


def words(prefix):
    """For each value of an enumeration what hadm prints."""
    return {value: WORDS.get(name, name.title().replace("_", ""))
            for full, value in netlink.N.items() if full.startswith(prefix)
            for name in [full.removeprefix(prefix)]}


def long(number):
    """A netlink attribute of 64 bits."""
    return struct.pack("<Q", number)


CONN, DISK = words("HA_CONN_STATE_"), words("HA_DISK_STATE_")
REPL, ROLE = words("HA_REPL_STATE_"), words("HA_ROLE_")


class Request(threading.Thread):
    """Verbs one after the other, without waiting for them; result is of the last."""

    def __init__(self, end, *verbs):
        super().__init__(daemon=True)
        self.end, self.verbs, self.result = end, verbs, None
        self.start()

    def run(self):
        self.thread = threading.get_native_id()
        client = netlink.Client(self.end.namespace)
        for verb in self.verbs:
            self.result = self.end.ask(client, *verb)
        client.socket.close()

    def wait(self, timeout):
        self.join(timeout)
        if self.is_alive():
            path = f"/proc/self/task/{self.thread}/stack"
            with open(path, encoding="ascii") as file:
                raise CommandFailed(f"{self.end.name}: {self.verbs}: still running after "
                                    f"{timeout} s:\n{file.read()}")
        return self.result


class End(node.Node):
    """One end; disks says which it attaches: [data] or [data, metadata]."""

    def __init__(self, plain, number, other):
        super().__init__(plain.machine, plain.name, plain.disks, plain.address,
                         plain.address6, plain.namespace)
        self.number, self.other, self.attached = number, other, []
        self.client = netlink.Client(self.namespace)
        self.link = link.Link(self.namespace)
        self.rate, self.options = 0, {}     # of the resource that is made next

    # -- verbs

    def hadm(self, *words, check=True, timeout=60, **options):
        if words[0] in ("create-md", "status"):
            return super().hadm(*words, check=check, timeout=timeout, **options)
        result = Request(self, words).wait(timeout)
        if check and not result:
            raise CommandFailed(f"{self.name}: {result}")
        return result

    def begin(self, *verbs):
        """Start them and go on; a refusal is no failure."""
        return Request(self, *verbs)

    def ask(self, client, verb, *words):
        try:
            if verb == "up":
                self.up(client)
            elif verb == "attach":
                self.attach(client)
            else:
                values = {FLAGS[word]: True for word in words if word in FLAGS}
                if verb != "down" or client.get("r0"):
                    client.ask(verb.replace("-", "_"), name="r0", **values)
        except netlink.Refused as error:
            return Result([verb, *words], {"rc": 1, "out": "", "err": str(error)})
        return Result([verb, *words], {"rc": 0, "out": "", "err": ""})

    def up(self, client):
        """What is there already stays."""
        view = client.get("r0")
        if not view:
            self.new(client)
        if not view or not view.disk:
            self.attach(client)
        if not view or view.alone():
            client.ask("connect", name="r0")

    def new(self, client):
        peer = {"node_id": 1 - self.number, "name": f"node{2 - self.number}",
                "local_address": netlink.address(self.address, PORT),
                "peer_address": netlink.address(self.other, PORT),
                "secret": "s3cret", **NET}
        client.ask("resource_new", name="r0", node_id=self.number,
                   minor=self.first_minor, resync_rate=long(self.rate),
                   **self.options)
        client.ask("peer_new", name="r0", peer=peer)

    def attach(self, client):
        paths = dict(zip(("disk", "meta_disk"), self.attached))
        client.ask("attach", name="r0", **paths)

    def resync_rate(self, rate):
        """Bytes a second, from now on."""
        self.rate = rate
        if self.client.get("r0"):
            self.client.ask("resource_set", name="r0", resync_rate=long(rate))

    def cut(self):
        self.link.cut()

    def join(self):
        self.link.join()

    # -- state

    def status(self, name="r0"):
        view = self.client.get(name)
        if not view:
            return None
        number = {field: value for field, value in view.peer.items()}
        peers = [{"connection": CONN[number["connection"]],
                  "disk": DISK[number["disk_state"]],
                  "replication": REPL[number["replication"]],
                  "out_of_sync_bytes": number["out_of_sync"], "reason": view.reason}]
        return {"name": name, "role": ROLE[view.role], "peers": peers,
                "device": {"disk": DISK[view.disk], "size_bytes": view.size}}

    def writer(self, index=0, seed=1, mib=64, workers=4, flush_every=0):
        return Writer(self, index, seed, mib * 256, workers, flush_every)


class Writer(node.Writer):
    """A load that is forked, not started."""

    def __init__(self, end, index, seed, blocks, workers, flush_every):
        self.node, self.seed, self.blocks, self.workers = end, seed, blocks, workers
        self.job = loads.start(end.device(index), seed, blocks, workers, flush_every)


class Pair(guest.Pair):
    """Two namespaces of this kernel."""

    def __init__(self):
        super().__init__()
        one, two = self.nodes
        self.nodes = [End(one, 0, two.address), End(two, 1, one.address)]

    def resource(self, name="r0", index=0, *, backing=None, metadata=None, **options):
        for end in self.nodes:
            end.attached = [backing[end.name]]
            if metadata:
                end.attached.append(metadata[end.name])
        return super().resource(name, index, backing=backing, metadata=metadata, **options)

    def skip_initial_sync(self, name):
        """A busy machine may answer too late, for these times: then it is asked again."""
        one = self.nodes[0]
        cluster.wait(lambda: one.hadm("skip-initial-sync", name, check=False) or
                     self.in_sync(name), 30, "the initial sync is skipped")
