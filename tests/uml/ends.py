"""Both ends of a pair by netlink alone: up, down, and how a meeting came out."""
# SPDX-License-Identifier: GPL-2.0-only
import time

import netlink
from netlink import Refused, address

NAME, PORT = "r0", 7788
PATIENCE = 8                    # looks at a pair that stays as it is
TIMEOUT = 3000                  # milliseconds


class End:
    """One end; disks are its data and its metadata."""

    def __init__(self, node, number, disks, other):
        self.node, self.number, self.disks = node, number, disks
        self.other = other      # the peer's address
        self.client = netlink.Client(node.namespace)

    def ask(self, command, fail=0, **values):
        self.client.ask(command, fail, name=NAME, **values)

    def up_to_attach(self):
        """The requests of "hadm up" before attach, as (command, words)."""
        peer = {"node_id": 1 - self.number, "name": f"node{2 - self.number}",
                "local_address": address(self.node.address, PORT),
                "peer_address": address(self.other, PORT), "secret": "s3cret",
                "timeout": TIMEOUT, "ping_interval": 1000, "ping_timeout": TIMEOUT,
                "connect_interval": 100}
        return [("resource_new", {"node_id": self.number,
                                  "minor": self.node.first_minor}),
                ("peer_new", {"peer": peer})]

    def attach(self):
        return "attach", {"disk": self.disks[0], "meta_disk": self.disks[1]}

    def connect(self):
        return "connect", {"peer": {"node_id": 1 - self.number}}

    def up(self):
        for command, words in [*self.up_to_attach(), self.attach(), self.connect()]:
            self.ask(command, **words)

    def view(self):
        return self.client.get(NAME)

    def down(self):
        if self.view():
            self.ask("down", force=True)


def pair(cluster, names):
    one, two = cluster.nodes
    return [End(one, 0, names[:2], two.address), End(two, 1, names[2:4], one.address)]


def meet(ends, seconds=30):
    """Bring both up; "in sync", or in words why not."""
    for end in ends:
        try:
            end.up()
        except Refused as error:
            if not error.reason:
                raise AssertionError(f"node{end.number + 1} refuses without a reason: "
                                     f"{error}") from None
            return f"refused: {error}"
    return settled(ends, seconds)


def settled(ends, seconds=30):
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        views = [end.view() for end in ends]
        if all(view.in_sync() for view in views):
            return "in sync"
        if any(view.alone() for view in views):
            return "StandAlone: " + (views[0].reason or views[1].reason)
        quiet = quiet + 1 if all(view.quiet() for view in views) else 0
        if quiet > PATIENCE:
            return (f"not syncing, {views[0].words()}: "
                    f"{views[0].reason or views[1].reason}")
        time.sleep(0.02 if not quiet else 0.2)
    raise TimeoutError(f"no outcome: {[vars(view) for view in views]}")
