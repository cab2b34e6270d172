#!/usr/bin/env python3
"""haclusterd under a storm: random faults on three nodes, and what must hold after each.

usage: tests/cluster-net/storm.py [--pair] [--seed N] [--seconds N]

With --pair there are two nodes that fence each other; who was fenced boots again.

After each fault and its end the nodes must settle: one view, every service on one node,
its address on that node and no other, the configuration and decisions as last confirmed.
While quorum is there the service must never be down for longer than PATIENCE.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import os
import random
import shutil
import signal
import sys
import time

import daemon
import nodes

PATIENCE = 60
FENCE = "fence off { agent fence_pids; for n1 n2; }"
WEB = "web --ip 10.0.0.50/24 --ocf ocf:heartbeat:Dummy --monitor 500ms"


class Storm:
    """Faults, each of which ends what it began."""

    def __init__(self, cluster, seed):
        self.c, self.random = cluster, random.Random(seed)
        self.revisions = 1
        self.done = []

    def node(self):
        return self.random.choice(self.c.nodes)

    def say(self, text):
        self.done.append(text)
        print(f"{time.monotonic() - self.begun:7.1f} {text}", flush=True)

    def crash(self):
        node = self.node()
        self.say(f"{node.name} crashes")
        self.c.cut(node)
        node.crash()
        time.sleep(self.random.uniform(0, 3))
        node.inside_net(f"ip addr flush dev eth0; ip addr add 10.0.0.{node.id}/24 dev eth0")
        self.c.join(node)
        node.start()
        node.start_daemon()

    def cut(self):
        node = self.node()
        self.say(f"{node.name} is cut off")
        self.c.cut(node)
        time.sleep(self.random.uniform(0, 4))
        self.c.join(node)

    def restart(self):
        node = self.node()
        how = self.random.choice([signal.SIGTERM, signal.SIGKILL])
        self.say(f"{node.name}'s daemon gets signal {how}")
        node.daemon.send_signal(how)
        node.daemon.wait()
        self.c.write_pids()
        time.sleep(self.random.uniform(0, 2))
        node.start_daemon()

    def freeze(self):
        node = self.node()
        which = self.random.choice([[node.daemon], [node.process],
                                    [node.daemon, node.process]])
        self.say(f"{node.name}: {len(which)} processes are frozen")
        for process in which:
            process.send_signal(signal.SIGSTOP)
        time.sleep(self.random.uniform(0, 3))
        for process in which:
            if process.poll() is None:      # else it was fenced
                process.send_signal(signal.SIGCONT)

    def fail(self):
        node = self.node()
        self.say(f"the agent on {node.name} fails")
        node.inside("rm -f /run/resource-agents/Dummy*")

    def move(self):
        node = self.node()
        self.say(f"web is moved to {node.name}")
        node.inside(f"{nodes.HACTL} --yes service move web {node.name} --no-wait")

    def configure(self):
        node = self.node()
        done = node.inside(f"{nodes.HACTL} --yes set service.web.priority "
                           f"{self.random.randrange(100)} --no-wait")
        self.say(f"a revision by {node.name}: status {done.returncode}")

    def holders(self):
        return [n.name for n in self.c.nodes if n.has_address("10.0.0.50")]

    def well(self):
        """One view, and the service where all say it is."""
        if not self.c.settled():
            return False
        said = [(n.service("web")["state"], n.service("web")["node"]) for n in self.c.nodes]
        return len(set(said)) == 1 and said[0][0] == "running" and \
            self.holders() == [said[0][1]]

    def check(self):
        nodes.wait(self.well_again, PATIENCE, f"all is well after {self.done[-3:]}; the address is "
                   f"on {self.holders()}", self.c)
        configs = {n.hactl("config show") for n in self.c.nodes}
        assert len(configs) == 1, f"the configurations differ: {configs}"
        for node in self.c.nodes:
            bad = [line for _, line in node.log if "a bug" in line or "Sanitizer" in line
                   or "cannot start" in line or "damaged" in line]
            assert not bad, f"{node.name}: {bad[:3]}"
        self.c.nodes[0].hactl("clear web")

    def revive(self):
        """Who was fenced, or fell otherwise, boots again."""
        for node in self.c.nodes:
            if node.process.poll() is None and node.daemon.poll() is None:
                continue
            self.say(f"{node.name} boots")
            node.crash()
            node.inside_net(f"ip addr flush dev eth0; ip addr add 10.0.0.{node.id}/24 "
                            "dev eth0")
            node.start()
            node.start_daemon()

    def well_again(self):
        self.revive()
        return self.well()

    def run(self, seconds):
        self.begun = time.monotonic()
        faults = [self.crash, self.cut, self.restart, self.freeze, self.fail, self.move,
                  self.configure]
        while time.monotonic() - self.begun < seconds:
            for _ in range(self.random.choice([1, 1, 2, 3])):
                self.random.choice(faults)()
            self.check()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--pair", action="store_true")
    given = parser.parse_args()
    if os.geteuid() or not shutil.which("corosync") or not daemon.DAEMON.exists():
        print("needs root, corosync and haclusterd\n0 passed, 0 failed, 1 skipped")
        return 0
    nodes.enter()
    print(f"seed {given.seed}")
    cluster = daemon.Cluster(2, 1, "fast", FENCE) if given.pair else \
        daemon.Cluster(3, 1, "fast")
    try:
        cluster.start()
        nodes.wait(cluster.settled, 30, "the view is settled", cluster)
        cluster.nodes[0].hactl(f"service create {WEB}")
        storm = Storm(cluster, given.seed)
        storm.run(given.seconds)
        print(f"{len(storm.done)} faults\n1 passed, 0 failed, 0 skipped")
        return 0
    except AssertionError as error:
        print(f"FAIL seed {given.seed}: {error}\n{cluster.last_words()}")
        print("0 passed, 1 failed, 0 skipped")
        return 1
    finally:
        cluster.end()


if __name__ == "__main__":
    sys.exit(main())
