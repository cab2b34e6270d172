"""The cluster manager in the guests: corosync, haclusterd, hactl; a switch to fence with."""
# SPDX-License-Identifier: GPL-2.0-only
import base64
import json
import os
import subprocess
import threading
import time

import machine

ROOT = machine.CHECKOUT
OUTSIDE = "10.77.0.254"         # the test itself, in the machines' network
SWITCH = 7001


class Manager:
    """haclusterd on both nodes of a cluster with these services."""

    def __init__(self, c, services, detect="{ token 3000ms; consensus 1500ms; }"):
        self.c = c
        self.network = c[0].machine.network
        self.directory = c[0].machine.directory.parent
        self.key = base64.b64encode(os.urandom(256)).decode()
        self.children = []
        self.text = self.configuration(services, detect)
        self.network_address()
        self.switch = self.outside("power_switch.py", SWITCH, self.pids())

    def configuration(self, services, detect):
        nodes = "".join(f"  node {n.name} {{ id {i}; link {n.address}; }}\n"
                        for i, n in enumerate(self.c, 1))
        return (f"cluster vm {{\n  format 1;\n  detect {detect}\n"
                f"  quorum {{ on-loss freeze; }}\n{nodes}"
                f"  fence switch {{ agent fence_switch; for "
                f"{' '.join(n.name for n in self.c)}; ip {OUTSIDE}; }}\n{services}}}\n")

    # -- outside of the machines

    def network_address(self):
        subprocess.run(self.network.enter(["ip", "addr", "replace", f"{OUTSIDE}/24", "dev",
                                           "br0"]), check=True)

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

    # -- on the nodes

    def install(self, node):
        """What a package would bring, and the first configuration."""
        node.run("""set -e
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
            ln -sf /ha/cluster/hactl/hactl /usr/sbin/hactl""")
        node.write_file("/etc/hadm.conf", node.text)
        node.write_file("/etc/hacluster/cluster.conf", self.text)
        node.run(f"echo {self.key} | base64 -d > /etc/corosync/authkey")
        node.run("hactl config check /etc/hacluster/cluster.conf")
        node.run("hactl config corosync /etc/hacluster/cluster.conf | "
                 "sed 's/to_syslog: yes/to_syslog: no/' > /etc/corosync/corosync.conf")

    def first(self):
        for node in self.c:
            node.run("cp /etc/hacluster/cluster.conf /var/lib/hacluster/config/000001.conf")

    def start(self, *nodes):
        for node in nodes:
            node.run("corosync -f -c /etc/corosync/corosync.conf >/tmp/corosync.log 2>&1 & "
                     "for i in $(seq 100); do corosync-cmapctl -g totem.version >/dev/null "
                     "2>&1 && break; sleep 0.1; done; "
                     "setsid /ha/cluster/daemon/haclusterd </dev/null >/tmp/haclusterd.log 2>&1 &")

    def stop(self):
        """Everything down in order: who just stops to answer would be fenced."""
        self.hactl(self.c[0], "service stop web", timeout=60)
        for node in self.c:
            # There are no units; but first the node leaves.
            self.hactl(node, "cluster stop", check=False, timeout=60)
            self.c.wait(lambda n=node: not self.running(n, "haclusterd"), 30,
                        f"{node.name} has left")
        for node in self.c:
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

    def log(self, node):
        return node.run("tail -n 40 /tmp/haclusterd.log", check=False).out


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

    def end(self):
        self.process.kill()
        self.process.wait()
