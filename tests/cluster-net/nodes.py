"""Nodes in network namespaces, each with a real corosync and links to cut.

Everything is inside namespaces of this process (see enter()), so that nothing of it
is left on the machine, however the test ends.
"""
# SPDX-License-Identifier: GPL-2.0-only
import datetime
import fcntl
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HACTL = ROOT / "cluster/hactl/hactl"
INSIDE = "HA_CLUSTER_NET_INSIDE"
FORMED = re.compile(r"A new membership \(.*\) was formed(?:\. Members(.*))?")
STALL = re.compile(r"was not scheduled .* for ([\d.]+) ms")
SYNC = re.compile(r"Sync members\[\d+\]: ([\d ]+)")


def enter():
    """Go on in namespaces of our own."""
    if os.environ.get(INSIDE):
        sh("mount -t tmpfs tmpfs /mnt && mount -t tmpfs tmpfs /run && mkdir -p /run/netns")
        sh("ip link set lo up")
        return
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", "--uts", "--ipc", "--pid", "--fork",
                          "--kill-child", "--mount-proc", sys.executable, *sys.argv])


def set_link(name, up):
    """Switch an interface on or off, at once: a program would take its time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh22x", name.encode(), 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(control, 0x8913, request))[1]
        flags = flags | 1 if up else flags & ~1
        fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", name.encode(), flags))


def stamp(line):
    """When corosync wrote a line, on the monotonic clock: this program may be late.

    Of a line without its time, now.
    """
    now = time.monotonic()
    try:
        when = datetime.datetime.strptime(line[:19], "%b %d %H:%M:%S.%f")
        when = when.replace(year=datetime.date.today().year).timestamp()
        return now - (time.time() - when)
    except ValueError:
        return now


def sh(command):
    """Run it; its output."""
    return subprocess.run(command, shell=True, check=True, text=True,
                          capture_output=True).stdout


class Node:
    """One node: a namespace, and corosync when it runs."""

    def __init__(self, cluster, number):
        self.cluster, self.id = cluster, number
        self.name = f"n{number}"
        self.lines = []         # (time it was written, text)
        self.process = None

    def start(self):
        """Start corosync with files of its own."""
        inner = ("for dir in /run /var/lib/corosync /dev/shm /var/log; do "
                 "mount -t tmpfs tmpfs $dir || exit; done; mkdir -p /run/corosync; "
                 f"hostname {self.name}; exec corosync -f -c {self.cluster.conf}")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, "unshare", "--mount", "--uts", "--ipc",
             "sh", "-c", inner], text=True, errors="replace",
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        threading.Thread(target=self.read, args=[self.process.stderr], daemon=True).start()

    def read(self, stream):
        for line in stream:
            self.lines.append((stamp(line), line.rstrip()))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def members(self):
        """The ids of the membership it was told of last."""
        for _, line in reversed(self.lines):
            found = SYNC.search(line)
            if found:
                return sorted(int(word) for word in found.group(1).split())
        return []

    def met(self, members, since):
        """When it was first told of these members after a time, or None."""
        for when, line in list(self.lines):
            found = SYNC.search(line)
            if when >= since and found and \
                    sorted(int(word) for word in found.group(1).split()) == members:
                return when
        return None

    def formed(self, since=0.0):
        """When memberships formed, and what was said."""
        return [(when, line) for when, line in list(self.lines)
                if when >= since and FORMED.search(line)]


class Cluster:
    """Nodes with one interface for each link, on one bridge for each link."""

    node_class = Node

    def __init__(self, nodes, links, detect, extra=""):
        self.dir = pathlib.Path(tempfile.mkdtemp(dir="/mnt"))
        self.conf = self.dir / "corosync.conf"
        self.links, self.met_at = links, 0.0
        self.nodes = [self.node_class(self, n + 1) for n in range(nodes)]
        self.source = self.dir / "cluster.conf"
        self.source.write_text(self.text(detect, extra))
        self.make_conf()
        self.make_net()

    def text(self, detect, extra):
        lines = [f"  node {node.name} {{ id {node.id}; "
                 + " ".join(f"link 10.{link}.0.{node.id};" for link in range(self.links))
                 + " }" for node in self.nodes]
        return "\n".join(["cluster net {", "  format 1;", f"  detect {detect}" + ("" if detect.endswith("}") else ";"),
                          extra,
                          *lines, "}", ""])

    def make_conf(self):
        """What hactl generates; only its key and its log are elsewhere."""
        text = sh(f"{HACTL} config corosync {self.source}")
        (self.dir / "authkey").write_bytes(os.urandom(256))
        text = text.replace("version: 2", f"version: 2\n\tkeyfile: {self.dir}/authkey", 1)
        self.conf.write_text(text.replace("to_stderr: no", "to_stderr: yes")
                             .replace("to_syslog: yes", "to_syslog: no"))

    def make_net(self):
        for link in range(self.links):
            sh(f"ip link add br{link} type bridge && ip link set br{link} up")
        for node in self.nodes:
            sh(f"ip netns add {node.name}")
            sh(f"ip -n {node.name} link set lo up")
            for link in range(self.links):
                sh(f"ip link add {node.name}l{link} type veth peer name eth{link} "
                   f"netns {node.name}")
                sh(f"ip link set {node.name}l{link} master br{link} up")
                sh(f"ip -n {node.name} addr add 10.{link}.0.{node.id}/24 dev eth{link}")
                sh(f"ip -n {node.name} link set eth{link} up")

    def start(self, seconds=30):
        """Start all and wait until they are one membership."""
        for node in self.nodes:
            node.start()
        everyone = [node.id for node in self.nodes]
        wait(lambda: all(node.members() == everyone for node in self.nodes), seconds,
             "all nodes are members", self)
        self.met_at = time.monotonic()

    def cut(self, node, links=None):
        """Take a node off the network; when that was."""
        when = time.monotonic()
        for link in range(self.links) if links is None else links:
            set_link(f"{node.name}l{link}", False)
        return when

    def join(self, node):
        for link in range(self.links):
            set_link(f"{node.name}l{link}", True)

    def end(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.kill()
            for link in range(self.links):
                sh(f"ip link del {node.name}l{link}")
            sh(f"ip netns del {node.name}")
        for link in range(self.links):
            sh(f"ip link del br{link}")

    def longest_stall(self):
        """The longest time, in ms, that corosync says it got no processor since it met."""
        found = [STALL.search(line) for node in self.nodes
                 for when, line in list(node.lines) if when >= self.met_at]
        return max((float(stall.group(1)) for stall in found if stall), default=0.0)

    def last_words(self):
        return "\n".join(f"{node.name}: {line}" for node in self.nodes
                         for _, line in node.lines[-8:])


def wait(condition, seconds, what, cluster):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}\n{cluster.last_words()}")
        time.sleep(0.01)
