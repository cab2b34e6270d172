"""haclusterd beside corosync on each node of nodes.py, and hactl to ask it."""
# SPDX-License-Identifier: GPL-2.0-only
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import threading
import time

import nodes

DAEMON = pathlib.Path(os.environ.get("HACLUSTERD") or nodes.ROOT / "cluster/daemon/haclusterd")
LIBEXEC = pathlib.Path(os.environ.get("HA_LIBEXEC") or nodes.ROOT / "cluster/exec/build/bin")


# Ends the processes of a node, and says off when they have ended.
FENCE_AGENT = """#!/bin/sh
while IFS='=' read -r name value; do
	case $name in action) action=$value ;; plug) plug=$value ;; esac
done
read -r corosync daemon <{dir}/$plug.pids || exit 1
gone() {{ ! kill -0 $1 2>/dev/null || grep -q '^State:.Z' /proc/$1/status; }}
case $action in
off|reboot) kill -9 $corosync $daemon 2>/dev/null; exit 0 ;;
status) gone $corosync && gone $daemon && exit 2; exit 0 ;;
on|monitor) exit 0 ;;
esac
exit 1
"""


class Node(nodes.Node):
    """A node whose corosync and daemon live in the same namespaces."""

    def __init__(self, cluster, number):
        super().__init__(cluster, number)
        self.daemon = None
        self.log = []
        self.boots = 0

    def start(self):
        """Boot: nothing of an earlier life is left but the disk."""
        super().start()
        self.boots += 1
        (self.state / "boot_id").write_text(f"{self.name} boot {self.boots}\n")
        nodes.wait(lambda: self.inside("test -e /run/corosync").returncode == 0, 10,
                   f"{self.name} has its own /run", self.cluster)

    @property
    def state(self):
        return self.cluster.dir / self.name

    def inside(self, command, **more):
        """Run a shell command in the namespaces of the node."""
        return subprocess.run(["nsenter", "-t", str(self.shell()), "-n", "-m", "-u", "-i",
                               "sh", "-c", command], text=True, capture_output=True,
                              check=False, **more)

    def inside_net(self, command):
        """In its network alone: also while nothing of the node runs."""
        return subprocess.run(["ip", "netns", "exec", self.name, "sh", "-c", command],
                              check=False, text=True, capture_output=True)

    def shell(self):
        """ip netns exec and unshare exec what they run, so this is corosync."""
        return self.process.pid

    def start_daemon(self, environment=None):
        self.inside("mkdir -p /run/hacluster")
        self.daemon = subprocess.Popen(
            ["nsenter", "-t", str(self.shell()), "-n", "-m", "-u", "-i", str(DAEMON),
             "--name", self.name, "--state-dir", str(self.state), "--libexec", str(LIBEXEC),
             "--fence-agents", str(self.cluster.dir), "--no-reset"],
            text=True, errors="replace", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})})
        threading.Thread(target=self.read_log, args=[self.daemon.stderr],
                         daemon=True).start()
        self.cluster.write_pids()

    def read_log(self, stream):
        for line in stream:
            self.log.append((time.monotonic(), line.rstrip()))

    def crash(self):
        """Corosync and the daemon die at once; what they started is left alone."""
        self.process.kill()
        self.daemon.kill()
        self.process.wait()
        self.daemon.wait()

    def daemon_hactl(self, words):
        """The same where corosync is gone, and with it its namespaces' other way in."""
        return subprocess.run(["nsenter", "-t", str(self.daemon.pid), "-n", "-m", "-u", "-i",
                               str(nodes.HACTL), *words.split()], text=True, timeout=60,
                              capture_output=True, check=False).stdout

    def corosync_again(self):
        """Beside the daemon that is still there."""
        self.process = subprocess.Popen(
            ["nsenter", "-t", str(self.daemon.pid), "-n", "-m", "-u", "-i", "corosync", "-f",
             "-c", str(self.cluster.conf)], text=True, errors="replace",
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        threading.Thread(target=self.read, args=[self.process.stderr], daemon=True).start()

    def hactl(self, words, status=0):
        """What hactl prints on this node."""
        done = self.inside(f"{nodes.HACTL} --yes {words}", timeout=60)
        assert done.returncode == status, \
            f"hactl {words}: status {done.returncode}, {done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, words):
        return json.loads(self.hactl(f"{words} --json"))["data"]

    def service(self, name):
        return next(s for s in self.ask("status")["services"] if s["name"] == name)

    def has_address(self, address):
        return f" {address}/" in self.inside_net("ip -4 addr show").stdout


def junk(node, data):
    """Bytes into the daemon's socket; what comes back before it hangs up, or is silent."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(3)
        client.connect(f"/proc/{node.daemon.pid}/root/run/hacluster/hacluster.sock")
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := client.recv(65536):
                answer += part
        except OSError:
            pass
        return answer


def call(node, request):
    """A request as it stands; the answer, or None."""
    text = json.dumps(request).encode()
    answer = junk(node, struct.pack("!I", len(text)) + text)
    if len(answer) < 4:
        return None
    return json.loads(answer[4:4 + struct.unpack("!I", answer[:4])[0]])


class Cluster(nodes.Cluster):
    node_class = Node

    blank = ()      # names of nodes that begin without a configuration

    def prepare(self):
        agent = self.dir / "fence_pids"
        agent.write_text(FENCE_AGENT.format(dir=self.dir))
        agent.chmod(0o755)
        for node in self.nodes:
            (node.state / "config").mkdir(parents=True, exist_ok=True)
            if node.name not in self.blank:
                (node.state / "config/000001.conf").write_text(self.source.read_text())

    def start(self, seconds=30):
        self.prepare()
        super().start(seconds)
        for node in self.nodes:
            node.start_daemon()

    def write_pids(self):
        """What the fence agent ends: corosync and the daemon of a node."""
        for node in (n for n in self.nodes if n.daemon):
            (self.dir / f"{node.name}.pids").write_text(
                f"{node.process.pid} {node.daemon.pid}\n")

    def alive(self):
        return [n for n in self.nodes if n.daemon and n.daemon.poll() is None]

    def settled(self):
        """All that live agree on the members of the view, and it is the writer."""
        if not self.alive():
            return False
        for node in self.alive():
            done = node.inside(f"{nodes.HACTL} status --json")
            if done.returncode:
                return False
            status = json.loads(done.stdout)["data"]
            online = [n["name"] for n in status["nodes"] if n["state"] == "online"]
            if status["phase"] != "active" or online != [n.name for n in self.alive()]:
                return False
        return True

    def end(self):
        for node in self.nodes:
            if node.daemon and node.daemon.poll() is None:
                node.daemon.send_signal(signal.SIGKILL)
                node.daemon.wait()
        super().end()

    def last_words(self):
        return super().last_words() + "\n" + "\n".join(
            f"{node.name}: {line}" for node in self.nodes for _, line in node.log[-12:])


def up(cluster):
    cluster.start()
    nodes.wait(cluster.settled, 30, "the view is settled", cluster)
    return cluster.nodes
