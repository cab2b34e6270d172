"""Bare hosts for hactl cluster init: namespaces with an /etc of their own.

"ssh" enters one of them, "systemctl" knows how to start the three daemons. All else
is the real thing: corosync, corosync-qdevice, corosync-qnetd and their certificates.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import pathlib
import subprocess
import time

from nodes import HACTL, sh

SSH = """#!/bin/sh
host=${1#root@}
pid=$(cat /mnt/$host.pid) || exit 255
exec nsenter -t $pid --net --mount --uts --ipc sh -c "$2"
"""

SYSTEMCTL = """#!/bin/sh
verb=$1
shift
[ "$1" != --now ] || { shift; verb=start; }
[ $verb != enable ] || exit 0
for unit; do
    name=${unit%.service}
    [ "$name" != haclusterd ] || continue
    if [ -e /run/$name.started ]; then
        kill $(cat /run/$name.started)
        while kill -0 $(cat /run/$name.started) 2>/dev/null; do sleep 0.1; done
    fi
    mkdir -p /run/$name
    setsid $name -f </dev/null >/var/log/$name.log 2>&1 &
    echo $! >/run/$name.started
    [ $name != corosync ] || until corosync-cmapctl >/dev/null 2>&1; do sleep 0.1; done
done
"""

SETUP = """
mkdir -p /mnt/{address}/etc && cp -a /etc/. /mnt/{address}/etc &&
mount --bind /mnt/{address}/etc /etc && rm -rf /etc/corosync/qnetd/nssdb/* || exit
for dir in /run /var/lib /var/log /dev/shm; do mount -t tmpfs tmpfs $dir || exit; done
mkdir -p /var/lib/corosync /var/log/corosync /run/corosync-qdevice /run/corosync-qnetd
hostname {name}
echo ready
exec sleep 100000
"""


class Host:
    """A bare host on the bridge br0, which the holder keeps alive."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        sh(f"ip netns add {name} && ip -n {name} link set lo up")
        sh(f"ip link add {name}l0 type veth peer name eth0 netns {name}")
        sh(f"ip link set {name}l0 master br0 up")
        sh(f"ip -n {name} addr add {address}/24 dev eth0 && ip -n {name} link set eth0 up")
        setup = SETUP.format(name=name, address=address)
        self.holder = subprocess.Popen(
            ["ip", "netns", "exec", name, "unshare", "--mount", "--uts", "--ipc", "sh", "-c",
             setup], text=True, stdout=subprocess.PIPE)
        assert self.holder.stdout.readline() == "ready\n"
        pathlib.Path(f"/mnt/{address}.pid").write_text(str(self.holder.pid))

    def run(self, command, check=True):
        done = subprocess.run(["/mnt/bin/ssh", self.address, command], text=True,
                              capture_output=True, check=False)
        assert not check or done.returncode == 0, f"{self.name}: {command}: {done.stderr}"
        return done.stdout

    def quorum(self):
        return self.run("corosync-quorumtool -s", check=False)

    def cut(self):
        sh(f"ip link set {self.name}l0 down")
        return time.monotonic()


def make(addresses):
    """Bare hosts, and the tools that lead to them."""
    tools = pathlib.Path("/mnt/bin")
    tools.mkdir(exist_ok=True)
    for name, text in (("ssh", SSH), ("systemctl", SYSTEMCTL)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    if not (tools / "hactl").exists():
        (tools / "hactl").symlink_to(HACTL)
    os.environ["PATH"] = f"{tools}:{os.environ['PATH']}"
    sh("ip link add br0 type bridge && ip link set br0 up")
    return [Host(name, address) for name, address in addresses]


def end(hosts):
    """Kill what the hosts run, and their holders."""
    for host in hosts:
        host.run("for f in /run/*.started; do kill -9 $(cat $f); done", check=False)
        host.holder.kill()
        host.holder.wait()
        sh(f"ip link del {host.name}l0; ip netns del {host.name}")
    sh("ip link del br0")
    for host in hosts:
        subprocess.run(["rm", "-rf", f"/mnt/{host.address}", f"/mnt/{host.address}.pid"],
                       check=False)


def hactl(*words):
    """Run hactl, which is led to the hosts; its output."""
    done = subprocess.run([HACTL, *words], text=True, capture_output=True, check=False,
                          env={**os.environ, "HACTL_SSH": "/mnt/bin/ssh"})
    assert done.returncode == 0, f"{' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout
