"""The wire between the machines: a bridge and tap devices in an own namespace."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import subprocess

PREFIX = "hatest-"      # followed by the process that made it


def ip(*words):
    subprocess.run(["ip", *words], check=True, stdout=subprocess.DEVNULL)


def sweep():
    """Remove what runs that were killed have left."""
    names = subprocess.run(["ip", "netns", "list"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split("\n")
    for name in (line.split()[0] for line in names if line.startswith(PREFIX)):
        if not os.path.exists(f"/proc/{name.removeprefix(PREFIX)}"):
            subprocess.run(["ip", "netns", "del", name], check=False)


class Network:
    """One bridge; machines are its ports.

        machine 1 -- tap1 -- br0 -- tap2 -- machine 2
    """

    def __init__(self, ports):
        sweep()
        self.name = name = PREFIX + str(os.getpid())
        ip("netns", "add", name)
        ip("-n", name, "link", "add", "br0", "type", "bridge")
        ip("-n", name, "link", "set", "br0", "up")
        for port in range(1, ports + 1):
            ip("-n", name, "tuntap", "add", f"tap{port}", "mode", "tap")
            self.join(port)
            ip("-n", name, "link", "set", f"tap{port}", "up")

    def enter(self, command):
        """The command that runs another one in the namespace."""
        return ["ip", "netns", "exec", self.name, *command]

    def cut(self, port):
        """Packets vanish; the machine still sees a carrier."""
        ip("-n", self.name, "link", "set", f"tap{port}", "nomaster")

    def join(self, port):
        ip("-n", self.name, "link", "set", f"tap{port}", "master", "br0")

    def close(self):
        subprocess.run(["ip", "netns", "del", self.name], check=False)
