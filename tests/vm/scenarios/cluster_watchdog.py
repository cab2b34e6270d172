"""The active node is cut off, or hangs: its watchdog resets it, then others take over.

There is no fence device. Two machines have a watchdog (softdog) and hawatchd; a third
node, of the test's own, only votes. The service says on the console of its machine that
it runs, so this is seen whatever the network does: never on two machines.
"""
import os
import shutil
import subprocess
import threading
import time

import hacluster
import machine

TIMEOUT = 900
LONG = "leases of a watchdog run out"
COMPARE = "there is no replicated device"
LEASE = 12                      # seconds: a busy test machine is not reset for nothing
VOTER = "10.77.0.3"
SERVICE = "  service web {\n    ip 10.77.0.50/24 { dev eth0; }\n" \
          "    ocf beacon ocf:hatest:beacon { monitor 5s; }\n  }\n"

VOTER_START = """set -e
for d in /run /var/lib/corosync /dev/shm; do mount -t tmpfs tmpfs $d; done
mkdir -p /run/hacluster /run/corosync /run/resource-agents {dir}/ocf/resource.d/hatest
ln -s {root}/tests/vm/agents/beacon {dir}/ocf/resource.d/hatest
corosync -f -c {dir}/corosync.conf >{dir}/corosync.log 2>&1 &
for i in $(seq 200); do corosync-cmapctl -g totem.version >/dev/null 2>&1 && break
sleep 0.1; done
exec {root}/cluster/daemon/haclusterd --name voter --state-dir {dir}/state \\
    --ocf-root {dir}/ocf --libexec {root}/cluster/exec/build/bin --no-reset >{dir}/haclusterd.log 2>&1
"""


class Manager(hacluster.Manager):
    """Three nodes, of which the third is a process of the test; a watchdog each."""

    def configuration(self, services, detect):
        nodes = "".join(f"  node {n.name} {{ id {i}; link {n.address}; }}\n"
                        for i, n in enumerate(self.c, 1))
        return (f"cluster vm {{\n  format 1;\n  detect {{ token 3000ms; consensus 3600ms; }}\n"
                f"  quorum {{ on-loss freeze; }}\n{nodes}"
                f"  node voter {{ id 3; link {VOTER}; role tiebreaker; }}\n"
                f"  watchdog {{ device /dev/watchdog; timeout {LEASE}s; }}\n{services}}}\n")

    def install(self, node):
        node.run("mkdir -p /usr/lib/ocf/resource.d/hatest && ln -sf "
                 "/ha/tests/vm/agents/beacon /usr/lib/ocf/resource.d/hatest/beacon")
        super().install(node)
        node.run("modprobe softdog soft_margin=600; for i in $(seq 50); do [ -c /dev/watchdog ] && exit; "
                 "sleep 0.1; done; exit 1")

    def watchd(self, node):
        node.run("setsid /ha/cluster/watchd/hawatchd </dev/null >>/tmp/hawatchd.log 2>&1 &")

    def start(self, *nodes):
        for node in nodes:
            self.watchd(node)
        super().start(*nodes)

    def voter(self):
        """The third node, in the machines' network."""
        directory = self.directory / "voter"
        (directory / "state/config").mkdir(parents=True)
        (directory / "state/config/000001.conf").write_text(self.text)
        conf = self.c[0].run("cat /etc/corosync/corosync.conf").out
        conf = conf.replace("totem {", f"totem {{\n\tkeyfile: {directory}/authkey", 1)
        (directory / "corosync.conf").write_text(conf)
        key = self.c[0].run("base64 -w0 /etc/corosync/authkey").out
        subprocess.run(["sh", "-c", f"base64 -d >{directory}/authkey"], input=key, text=True,
                       check=True)
        subprocess.run(self.network.enter(["ip", "addr", "replace", f"{VOTER}/24", "dev",
                                           "br0"]), check=True)
        script = VOTER_START.format(dir=directory, root=machine.CHECKOUT)
        self.children.append(Ended(subprocess.Popen(
            self.network.enter(["unshare", "--mount", "--ipc", "--pid", "--fork",
                                "--kill-child", "--mount-proc", "sh", "-c", script]),
            stdin=subprocess.DEVNULL, preexec_fn=machine.die_with_parent)))

    def problems(self, node):
        status = self.status(node)
        return [p["text"] for p in status["problems"]] if status else ["no status"]


class Ended:
    """A process that a manager ends."""

    def __init__(self, process):
        self.process = process

    def end(self):
        self.process.kill()
        self.process.wait()


class Beacons:
    """When which machine said that the service runs there, and when machines ended."""

    def __init__(self, machines):
        self.said = []                  # (time, name), in the order of time
        self.ended = {}
        self.machines = machines
        self.at = {m.name: 0 for m in machines}
        self.going = True
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while self.going:
            for one in self.machines:
                ended = not one.alive()
                self.read(one)
                if ended and one.name not in self.ended:
                    self.ended[one.name] = time.monotonic()
                if not ended:
                    self.ended.pop(one.name, None)
            time.sleep(0.02)

    def read(self, one):
        if not one.console.exists():
            return
        with open(one.console, "rb") as file:
            file.seek(self.at[one.name])
            text = file.read()
        self.at[one.name] += len(text)
        if b"beacon " in text:
            self.said.append((time.monotonic(), one.name))

    def count(self, name):
        return sum(who == name for _, who in list(self.said))

    def last(self):
        return self.said[-1][1] if self.said else None

    def changes(self):
        """[name, first, last] of each time that one machine had it."""
        found = []
        for when, name in list(self.said):
            if not found or found[-1][0] != name:
                found.append([name, when, when])
            found[-1][2] = when
        return found


def taken_over(c, manager, beacons, old, new, since):
    """Who had it is dead before who has it now has begun."""
    c.wait(lambda: not c[old].machine.alive(), 60, f"{c[old].name} resets itself")
    c.wait(lambda: manager.runs_on("web", c[new]), 90, f"web runs on {c[new].name}")
    c.wait(lambda: beacons.last() == c[new].name, 30, "its beacon is heard")
    (one, _, last), (two, first, _) = beacons.changes()[-2:]
    ended = beacons.ended[c[old].name]
    assert (one, two) == (c[old].name, c[new].name), f"{one}, then {two}"
    assert last <= first and ended <= first, \
        f"{two} began {ended - first:.2f} s before {one} was dead"
    print(f"{one} was dead {ended - since:.2f} s after it, {two} began {first - ended:.2f} s "
          f"later, {first - since:.2f} s after it")


def again(c, manager, number):
    """The node boots and joins."""
    c[number].machine.kill()
    c[number].machine.power_on()
    c[number].machine.wait_booted()
    c.nodes[number].join()
    manager.install(c[number])
    manager.start(c[number])
    c.wait(lambda: not manager.problems(c[number]), 120, "no problem is left")


def in_use(c, manager):
    """Somebody else's device is left to him, and it is said whose it is."""
    c[0].run("""cp /bin/dash /run/systemd
        setsid /run/systemd -c 'exec 3>/dev/watchdog; trap "printf V >&3; exit" TERM
        echo $$ >/run/holder; while :; do sleep 1; done' </dev/null >/dev/null 2>&1 &
        for i in $(seq 50); do [ -s /run/holder ] && exit; sleep 0.1; done""")
    manager.start(*c)
    manager.voter()
    what = "no watchdog guards it: /dev/watchdog is in use by systemd: set RuntimeWatchdogSec=off"
    c.wait(lambda: any(what in p for p in manager.problems(c[0])), 120, what)
    said = manager.hactl(c[0], "doctor", check=False).out
    assert "softdog hangs when the kernel hangs" in said, said
    c[0].run("kill $(cat /run/holder)")
    c.wait(lambda: not manager.problems(c[0]), 60, "no problem is left")


def daemon_killed(c, manager, beacons):
    """Another haclusterd within the lease, and another hawatchd: nothing happens."""
    for program in ("haclusterd", "hawatchd"):
        c[0].run(f"kill -9 {manager.running(c[0], program)}")
        time.sleep(0.3)
        if program == "hawatchd":
            manager.watchd(c[0])
        else:
            c[0].run("setsid /ha/cluster/daemon/haclusterd </dev/null "
                     ">>/tmp/haclusterd.log 2>&1 &")
        before = beacons.count(c[0].name)
        time.sleep(LEASE + 5)
        heard = beacons.count(c[0].name) - before
        assert heard > 3, f"{heard} beacons after {program} was killed"
        c.wait(lambda: not manager.problems(c[0]), 60, "no problem is left")


def stopped(c, manager, node):
    """In order: it is disarmed, and not before."""
    dog = manager.running(node, "hawatchd")
    node.run(f"kill {dog}")
    time.sleep(2)
    assert manager.running(node, "hawatchd") == dog, "it ended under a lease"
    manager.hactl(node, "cluster stop", check=False, timeout=90)
    c.wait(lambda: not manager.running(node, "haclusterd"), 60, "the node has left")
    c.wait(lambda: not manager.running(node, "hawatchd"), 30, "hawatchd has ended")
    assert node.run("cat /sys/class/watchdog/watchdog0/state").out.strip() == "inactive"
    time.sleep(LEASE + 3)
    assert node.machine.alive(), "it was reset after all"


def run(c, manager, beacons):
    for node in c:
        manager.install(node)
    manager.first()
    in_use(c, manager)
    manager.hactl(c[0], "service move web node1", check=False, timeout=90)
    c.wait(lambda: manager.runs_on("web", c[0]), 90, "web runs on node1")
    print(manager.hactl(c[1], "status").out)
    daemon_killed(c, manager, beacons)

    since = time.monotonic()
    c[0].cut()
    taken_over(c, manager, beacons, 0, 1, since)
    again(c, manager, 0)
    assert beacons.last() == c[1].name, "it moved back by itself"

    # Nobody tells the device anything any more; the service itself goes on.
    pids = " ".join(manager.running(c[1], p) for p in ("hawatchd", "haclusterd", "corosync"))
    since = time.monotonic()
    c[1].run(f"kill -STOP {pids}")
    taken_over(c, manager, beacons, 1, 0, since)
    again(c, manager, 1)

    stopped(c, manager, c[1])
    assert beacons.last() == c[0].name
    found = [name for name, _, _ in beacons.changes()]
    print(f"served by {', '.join(found)}; {len(beacons.said)} beacons")


def tell(c, manager):
    for node in c:
        try:
            print(f"--- {node.name}\n{manager.log(node)}")
            print(node.run("tail -n 20 /tmp/hawatchd.log", check=False).out)
            print(manager.hactl(node, "status", check=False))
        except (machine.MachineDied, OSError, AttributeError):
            print("is dead")


def test(c):
    if not os.path.exists("/usr/sbin/corosync") or not shutil.which("unshare"):
        c.skip("no corosync")
    manager = Manager(c, SERVICE)
    beacons = Beacons([node.machine for node in c])
    try:
        run(c, manager, beacons)
    except Exception:
        tell(c, manager)
        for name in ("corosync", "haclusterd"):
            log = manager.directory / f"voter/{name}.log"
            print(f"--- voter\n{log.read_text()[-2000:] if log.exists() else ''}")
        raise
    finally:
        beacons.going = False
        manager.end()
