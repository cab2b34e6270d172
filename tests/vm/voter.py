"""A third vote outside of the machines: corosync and haclusterd in their network."""
# SPDX-License-Identifier: GPL-2.0-only
import base64
import os
import signal
import subprocess
import time

import machine

ROOT = machine.CHECKOUT
LIMIT = 30


class Voter:
    """A node that votes and runs nothing, in namespaces of its own on the host.

    Its network is that of the machines: a machine that is cut off does not hear it.
    """

    name = "vote"

    def __init__(self, network, address, directory):
        self.network, self.address = network, address
        self.directory = directory / self.name
        self.processes = []

    def start(self, text, key):
        """With this configuration; it begins the cluster with the others."""
        state = self.directory / "state"
        (state / "config").mkdir(parents=True, exist_ok=True)
        for path in (self.directory / "cluster.conf", state / "config/000001.conf"):
            path.write_text(text)
        (self.directory / "authkey").write_bytes(base64.b64decode(key))
        made = subprocess.run([ROOT / "cluster/hactl/hactl", "config", "corosync",
                               self.directory / "cluster.conf"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout
        made = made.replace("version: 2",
                            f"version: 2\n\tkeyfile: {self.directory}/authkey", 1)
        conf = self.directory / "corosync.conf"
        conf.write_text(made.replace("to_syslog: yes", "to_syslog: no"))
        self.spawn(["unshare", "--mount", "--uts", "--ipc", "sh", "-c",
                    "for d in /run /var/lib/corosync /dev/shm /var/log; do "
                    "mount -t tmpfs tmpfs $d || exit; done; "
                    f"mkdir -p /run/corosync /run/hacluster; hostname {self.name}; "
                    f"exec corosync -f -c {conf}"], enter=True)
        end = time.monotonic() + LIMIT
        while self.inside("test -e /run/hacluster").returncode:
            if time.monotonic() > end:
                raise machine.MachineDied("vote: corosync does not start")
            time.sleep(0.1)
        self.spawn([*self.within(), str(ROOT / "cluster/daemon/haclusterd"),
                    "--name", self.name, "--state-dir", str(state), "--libexec",
                    str(ROOT / "cluster/exec/build/bin"), "--no-reset"])

    def spawn(self, words, enter=False):
        with open(self.directory / "log", "ab") as log:
            self.processes.append(subprocess.Popen(
                self.network.enter(words) if enter else words, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=machine.die_with_parent,
                env={**os.environ, "LC_ALL": "C.UTF-8"}))

    def within(self):
        return ["nsenter", "-t", str(self.processes[0].pid), "-n", "-m", "-u", "-i"]

    def inside(self, command):
        return subprocess.run([*self.within(), "sh", "-c", command], text=True,
                              capture_output=True, check=False)

    def log(self):
        path = self.directory / "log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def end(self):
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.processes = []
