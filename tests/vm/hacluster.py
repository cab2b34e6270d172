"""The cluster manager in the guests: corosync, haclusterd, hactl; a switch to fence with."""
# SPDX-License-Identifier: GPL-2.0-only
import base64
import json
import os
import subprocess
import threading
import time

import machine
from voter import Voter

ROOT = machine.CHECKOUT
OUTSIDE = "10.77.0.254"         # the test itself, in the machines' network
VOTER = "10.77.0.253"           # a third vote in that network
SWITCH = 7001
# Emulated machines get no processor for long; more than two need a longer consensus.
DETECT = {2: "{ token 3000ms; consensus 1500ms; }", 3: "{ token 3000ms; consensus 3600ms; }"}
INSTALL = """set -e
    mkdir -p /dev/shm /run/hacluster /run/resource-agents /etc/hacluster \\
        /etc/corosync /var/lib/corosync /var/lib/hacluster/config \\
        /usr/lib/ocf/resource.d/hatest /usr/lib/hacluster /srv
    mountpoint -q /dev/shm || mount -t tmpfs tmpfs /dev/shm
    mount -t tmpfs tmpfs /var/lib/corosync
    ln -sf /ha/tests/vm/agents/journal /usr/lib/ocf/resource.d/hatest/journal
    ln -sf /ha/tests/vm/agents/fence_switch /usr/sbin/fence_switch
    for f in ha-member ha-run shim-dir; do
        ln -sfn /ha/cluster/exec/build/bin/$f /usr/lib/hacluster/$f
    done
    ln -sf /ha/tools/hadm/hadm /ha/tools/hasetup/hasetup /usr/sbin/ 2>/dev/null || true
    ln -sf /ha/cluster/hactl/hactl /usr/sbin/hactl"""


class Manager:
    """haclusterd on both nodes of a cluster with these services.

    With a power switch as fence device; or with a third vote in its place: a machine,
    or with voter=True one outside of the machines.
    """

    def __init__(self, c, services, third=None, voter=False):
        self.c = c
        self.network = c[0].machine.network
        self.directory = c[0].machine.directory.parent
        self.key = base64.b64encode(os.urandom(256)).decode()
        self.children = []
        self.voter = Voter(self.network, VOTER, self.directory) if voter else None
        self.guests = [*c, third] if third else [*c]
        self.text = self.configuration(services)
        self.network_addresses()
        self.switch = None if third or voter else \
            self.outside("power_switch.py", SWITCH, self.pids())

    def configuration(self, services):
        nodes = [*self.guests, *([self.voter] if self.voter else [])]
        lines = "".join(f"  node {n.name} {{ id {i}; link {n.address};"
                        f"{' role tiebreaker;' if i > 2 else ''} }}\n"
                        for i, n in enumerate(nodes, 1))
        fence = "" if len(nodes) > 2 else \
            (f"  fence switch {{ agent fence_switch; for "
             f"{' '.join(n.name for n in self.c)}; ip {OUTSIDE}; }}\n")
        return (f"cluster vm {{\n  format 1;\n  detect {DETECT[len(nodes)]}\n"
                f"  quorum {{ on-loss freeze; }}\n{lines}{fence}{services}}}\n")

    # -- outside of the machines

    def network_addresses(self):
        for address in (OUTSIDE, VOTER):
            subprocess.run(self.network.enter(["ip", "addr", "replace", f"{address}/24",
                                               "dev", "br0"]), check=True)

    def pids(self):
        directory = self.directory / "pids"
        directory.mkdir(exist_ok=True)
        for node in self.c:
            (directory / node.name).write_text(str(node.machine.process.pid))
        return directory

    def outside(self, program, *words):
        return Child(self, [str(ROOT / "tests/vm" / program), *map(str, words)])

    def end(self):
        for child in self.children:
            child.end()
        if self.voter:
            self.voter.end()

    # -- on the nodes

    def install(self, node):
        """What a package would bring, and the first configuration."""
        node.run(INSTALL)
        node.write_file("/etc/hadm.conf", node.text)
        node.write_file("/etc/hacluster/cluster.conf", self.text)
        node.run(f"echo {self.key} | base64 -d > /etc/corosync/authkey")
        node.run("hactl config check /etc/hacluster/cluster.conf")
        node.run("hactl config corosync /etc/hacluster/cluster.conf | "
                 "sed 's/to_syslog: yes/to_syslog: no/' > /etc/corosync/corosync.conf")

    def first(self):
        for node in self.guests:
            node.run("cp /etc/hacluster/cluster.conf /var/lib/hacluster/config/000001.conf")

    def start(self, *nodes):
        for node in nodes:
            node.run("corosync -f -c /etc/corosync/corosync.conf >/tmp/corosync.log 2>&1 & "
                     "for i in $(seq 100); do corosync-cmapctl -g totem.version >/dev/null "
                     "2>&1 && break; sleep 0.1; done; "
                     "setsid /ha/cluster/daemon/haclusterd </dev/null >/tmp/haclusterd.log 2>&1 &")

    def begin(self):
        """All of it, for the first time."""
        for node in self.guests:
            self.install(node)
        self.first()
        if self.voter:
            self.voter.start(self.text, self.key)
        self.start(*self.guests)

    def again(self, number):
        """A machine that was killed boots, and its node joins."""
        self.c.start(number)
        if self.switch:
            self.pids()
        self.install(self.c[number])
        self.start(self.c[number])

    def stop(self, *services):
        """Everything down in order: who just stops to answer would be fenced."""
        for service in services or ("web",):
            self.hactl(self.c[0], f"service stop {service}", timeout=60)
        for node in self.guests:
            # There are no units; but first the node leaves.
            self.hactl(node, "cluster stop", check=False, timeout=60)
            self.c.wait(lambda n=node: not self.running(n, "haclusterd"), 30,
                        f"{node.name} has left")
        for node in self.guests:
            node.run(f"kill {self.running(node, 'corosync')}")

    def running(self, node, program):
        """The process ids of a program, as words."""
        return node.run("cd /proc; for p in [0-9]*; do read -r c <$p/comm && "
                        f"[ \"$c\" = {program} ] && echo $p; done 2>/dev/null; true").out.strip()

    def hactl(self, node, words, **options):
        return node.run(f"hactl --yes {words}", **options)

    def status(self, node):
        result = self.hactl(node, "status --json", check=False, timeout=20)
        return json.loads(result.out)["data"] if result else None

    def service(self, node, name="web"):
        status = self.status(node) or {"services": []}
        return next((s for s in status["services"] if s["name"] == name), None)

    def runs_on(self, name, node, ask=None):
        service = self.service(ask or node, name)
        return service and service["state"] == "running" and service["node"] == node.name

    def well(self, node):
        """Nothing is said to be a problem, as this node sees it."""
        return len((self.status(node) or {"problems": [1]})["problems"]) == 0

    def tell(self):
        """What the nodes say, for who looks into a failure."""
        for node in self.guests:
            if node.machine.alive():
                log = node.run("tail -n 40 /tmp/haclusterd.log", check=False).out
                print(f"--- {node.name}\n{log}")
                print(self.hactl(node, "status", check=False))
        if self.voter:
            print(f"--- vote\n{self.voter.log()}")


class Child:
    """A program of the test in the machines' network; its lines with their times."""

    def __init__(self, manager, words):
        self.lines = []
        self.process = subprocess.Popen(manager.network.enter(words), text=True,
                                        stdout=subprocess.PIPE,
                                        preexec_fn=machine.die_with_parent)
        threading.Thread(target=self.read, daemon=True).start()
        manager.children.append(self)

    def read(self):
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line.strip()))

    def wait_more(self, count, what, seconds=60):
        """Wait for this many more lines."""
        before = len(self.lines)
        end = time.monotonic() + seconds
        while len(self.lines) < before + count:
            assert time.monotonic() < end, \
                f"not within {seconds} s: {count} lines more: {what}"
            time.sleep(0.05)

    def end(self):
        self.process.kill()
        self.process.wait()
