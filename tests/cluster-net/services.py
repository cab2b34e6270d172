#!/usr/bin/env python3
"""haclusterd on real corosync: services that survive what happens to nodes.

usage: tests/cluster-net/services.py [-k WORD]

Each case has nodes in network namespaces, each with its own corosync and haclusterd, and
asks by hactl. Prints the outages it measured. Needs root, corosync and resource-agents.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import os
import random
import shutil
import signal
import socket
import sys
import time
import traceback

import clones
import daemon
import nodes
from daemon import up

WEB = "web --ip 10.0.0.50/24 --ocf ocf:heartbeat:Dummy"
ADDRESS = "10.0.0.50"


def runs(node, ask, name="web"):
    service = ask.service(name)
    return service["state"] == "running" and service["node"] == node.name


def over(cluster, node, ask, since, seconds=30):
    """Wait until the service runs on the node; how long that took."""
    nodes.wait(lambda: node.has_address(ADDRESS), seconds, f"{node.name} has the address",
               cluster)
    took = time.monotonic() - since
    nodes.wait(lambda: runs(node, ask), seconds, f"web runs on {node.name}", cluster)
    return took


def holders(cluster):
    return [node.name for node in cluster.alive() if node.has_address(ADDRESS)]


def operations(cluster):
    """What an operator does, and what is said about it."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB}")
    assert runs(n1, n2) and holders(cluster) == ["n1"], holders(cluster)
    n1.hactl("node standby n1")
    assert runs(n2, n3) and holders(cluster) == ["n2"], holders(cluster)
    n1.hactl("node resume n1")
    assert runs(n2, n1), "it moved back by itself"
    n3.hactl("service move web n3")
    assert runs(n3, n1) and holders(cluster) == ["n3"], holders(cluster)
    n1.hactl("service move web")
    assert not runs(n3, n1) and len(holders(cluster)) == 1, holders(cluster)
    n1.hactl("service stop web")
    assert not holders(cluster), "it is stopped, and has an address"
    n1.hactl("service start web")
    n1.hactl("service restart web")
    assert len(holders(cluster)) == 1
    n1.hactl("service ban web n1 --for 1h")
    n1.hactl("service move web n2")
    said = n2.hactl("why web")
    assert "n1" in said and "impossible" in said and "n3" in said, said
    said = n2.hactl("plan --if 'node n2 down'")
    assert "start Dummy n3" in said, said
    assert n2.hactl("plan").strip().endswith("nothing to do"), n2.hactl("plan")
    n2.hactl("service move web n9", status=1)
    n1.hactl("service remove web")
    assert not holders(cluster), "it is removed, and has an address"
    log = n3.hactl("config log")
    assert log.count("root@n1") == 2, log
    said = n3.hactl("history")
    for text in ("standby n1", "web running on n2", "move web n3", "ban web n1"):
        assert text in said, f"{text} is not in the history: {said}"
    return "created, moved, stopped, banned, removed"


def killed(cluster):
    """The active node dies at once: the service is on another one."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n3")
    nodes.wait(lambda: runs(n3, n1), 20, "web runs on n3", cluster)
    since = cluster.cut(n3)
    n3.crash()
    took = over(cluster, n1, n2, since)
    print(n2.hactl("history web --since 10s"), end="")
    cluster.join(n3)
    n3.start()
    n3.inside(f"ip addr flush dev eth0; ip addr add 10.0.0.{n3.id}/24 dev eth0")
    n3.start_daemon()
    nodes.wait(cluster.settled, 30, "n3 is back", cluster)
    time.sleep(1)
    assert holders(cluster) == ["n1"], f"after its return: {holders(cluster)}"
    return f"on another node after {took:.2f} s, and stays there"


def daemon_ends(cluster):
    """The daemon of the active node is killed and starts again: nothing is touched."""
    n1, n2, _ = up(cluster)
    n1.hactl(f"service create {WEB}")
    log = len(n1.inside("cat /run/resource-agents/*.state /run/Dummy* 2>/dev/null; "
                        "ls -i --time-style=full-iso -l /run/resource-agents").stdout)
    n1.daemon.send_signal(signal.SIGTERM)
    n1.daemon.wait()
    time.sleep(0.2)
    assert n1.has_address(ADDRESS), "the address went with the daemon"
    n1.start_daemon()
    nodes.wait(cluster.settled, 30, "n1 is back", cluster)
    nodes.wait(lambda: runs(n1, n2), 10, "web is adopted on n1", cluster)
    assert holders(cluster) == ["n1"], holders(cluster)
    assert log, "there is no agent's state"
    said = n2.hactl("history web --since 1m -v")
    assert said.count("stop Dummy") == 0, said
    return "adopted by the next one, not stopped once"


def agent_fails(cluster):
    """What fails is restarted in place, and moves when it fails too often."""
    n1, n2, _ = up(cluster)
    n1.hactl(f"service create {WEB} --monitor 200ms --prefer n1")
    where = [n1]
    for count in range(1, 4):
        where[0].inside("rm -f /run/resource-agents/Dummy*")
        nodes.wait(lambda n=count: sum("failed on" in line for line in
                   n2.hactl("history web").splitlines()) == n, 20,
                   f"failure {count} is seen", cluster)
        nodes.wait(lambda: any(runs(node, n2) for node in cluster.alive()), 20,
                   "web runs again", cluster)
        assert runs(n1, n2) == (count < 3), f"after {count} failures: {n2.hactl('status')}"
    said = n2.hactl("status")
    assert "Dummy: monitor failed" in said, said
    n2.hactl("clear web")
    nodes.wait(lambda: "PROBLEMS" not in n2.hactl("status"), 10, "it is forgotten", cluster)
    return "restarted twice in place, then moved"


def cut_off(cluster):
    """The active node is cut off: it stops, the others go on, and it comes back."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    since = cluster.cut(n1)
    took = over(cluster, n2, n3, since)
    nodes.wait(lambda: not n1.has_address(ADDRESS), 20, "n1 lets go", cluster)
    stopped = time.monotonic() - since
    n1.hactl("node standby n2", status=3)
    cluster.join(n1)
    nodes.wait(cluster.settled, 30, "all are one again", cluster)
    time.sleep(1)
    assert holders(cluster) == ["n2"], holders(cluster)
    return f"taken over after {took:.2f} s, let go after {stopped:.2f} s"


def corosync_ends(cluster):
    """Corosync of one node ends, and starts again: its daemon goes on."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    n3.process.kill()
    n3.process.wait()
    nodes.wait(lambda: "inquorate" in n3.daemon_hactl("status"), 20, "n3 is inquorate",
               cluster)
    n3.corosync_again()
    nodes.wait(cluster.settled, 30, "n3 is back", cluster)
    assert runs(n1, n3) and holders(cluster) == ["n1"]
    return "connected again"


def two_nodes(cluster):
    """Two nodes and a fence device: the other one is off before anything is taken over."""
    n1, n2 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    cluster.write_pids()
    since = time.monotonic()
    for process in (n1.daemon, n1.process):
        process.send_signal(signal.SIGSTOP)
    took = over(cluster, n2, n2, since)
    said = n2.hactl("history")
    assert "fence n1: ok" in said, said
    # Killed it is, but its last thread may be on its way out for a moment.
    assert n1.daemon.wait(5) == -signal.SIGKILL, "taken over, and n1 was not fenced"
    return f"frozen, fenced, then taken over after {took:.2f} s"


def parted(cluster):
    """Two nodes that do not hear each other: the one that has the service goes on."""
    n1, n2 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n2")
    nodes.wait(lambda: runs(n2, n1), 20, "web runs on n2", cluster)
    cluster.write_pids()
    cluster.cut(n1)
    nodes.wait(lambda: n1.daemon.poll() is not None, 20, "n1 is fenced", cluster)
    nodes.wait(lambda: cluster.settled() and runs(n2, n2), 20, "web runs on n2", cluster)
    return "the other one is fenced, the service stays"


def lone_pair(cluster):
    """Two nodes without an arbiter: nothing is taken over, until a person says so."""
    n1, n2 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    since = cluster.cut(n1)
    n1.crash()
    time.sleep(3)
    assert not n2.has_address(ADDRESS), "taken over without proof"
    n2.hactl("fence confirm n1")
    over(cluster, n2, n2, since)
    return "waits, and is taken over when n1 is confirmed to be off"


def leaves(cluster):
    """A node leaves in order and comes back; one that has nothing gets it from the others."""
    cluster.blank = ["n3"]
    n1, n2, n3 = up(cluster)
    assert n3.ask("config show")["text"] == n1.ask("config show")["text"]
    n1.hactl(f"service create {WEB} --prefer n1")
    # It would stop the units, too; there are none here.
    n1.inside(f"{nodes.HACTL} --yes cluster stop")
    assert n1.daemon.wait(20) == 0, "the daemon has not ended well"
    nodes.wait(lambda: runs(n2, n3) or runs(n3, n3), 20, "web has moved", cluster)
    said = n3.hactl("status")
    assert "n1 offline" in said, said
    n1.start_daemon()
    nodes.wait(cluster.settled, 30, "n1 is back", cluster)
    nodes.wait(lambda: "shutdown" not in n1.hactl("plan --if 'standby n2'"), 5, "", cluster)
    n2.hactl("service move web n1")
    assert runs(n1, n3), "n1 cannot run it again"
    return "moved away, said goodbye, came back; one began with nothing"


def all_leave(cluster):
    """One node after the other leaves, also those that are no majority any more."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    for node in (n1, n2, n3):
        node.inside(f"{nodes.HACTL} --yes cluster stop")
        assert node.daemon.wait(40) == 0, f"{node.name}: the daemon has not ended well"
        assert not node.has_address(ADDRESS), f"the address is left on {node.name}"
    for node in (n1, n2, n3):
        node.start_daemon()
    nodes.wait(cluster.settled, 40, "all are back", cluster)
    nodes.wait(lambda: any(runs(n, n2) for n in (n1, n2, n3)), 30, "web runs", cluster)
    return "all have stopped, started, and web runs"


def measured(cluster):
    """hactl test failover, and what it says of the time it took."""
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB}")
    said = n1.hactl("test failover web")
    assert said.count("web running on") >= 2, said
    assert runs(n1, n2), "it is not where it was"
    timing = n3.ask("cluster timing -c " + str(cluster.source))
    assert timing["profile"] == "fast", timing
    events = n2.ask("history web")["events"]
    assert {e["kind"] for e in events} >= {"plan", "action", "running", "decision"}, events
    watch = n3.inside(f"timeout 2 {nodes.HACTL} status -w").stdout
    assert "web" in watch, watch
    return "there and back"


def checks(cluster):
    """A check that fails on a node drives the service away; alerts are told."""
    n1, n2, _ = up(cluster)
    for node in cluster.nodes:
        node.inside("touch /run/well")
    n1.hactl(f"service create {WEB} --prefer n1 --check 'test -e /run/well'")
    told, script = cluster.dir / "alerts", cluster.dir / "alert"
    script.write_text(f"#!/bin/sh\necho $HA_ALERT_KIND $HA_ALERT_TEXT >>{told}\n")
    script.chmod(0o755)
    text = n1.hactl("config show").rstrip().removesuffix("}")
    new = cluster.dir / "new.conf"
    new.write_text(text + f"  alert log {{ exec {script};"
                   " on failover failure node; }\n}\n")
    n1.hactl(f"config apply {new}")
    assert runs(n1, n2), n2.hactl("status")
    n1.inside("rm /run/well")
    nodes.wait(lambda: runs(n2, n2) or runs(cluster.nodes[2], n2), 30,
               "web has left n1", cluster)
    assert "check web-check fails" in n2.hactl("status"), n2.hactl("status")
    said = n2.hactl("why web n1")
    assert "impossible" in said or "check" in said, said
    n1.inside("touch /run/well")
    nodes.wait(lambda: "PROBLEMS" not in n2.hactl("status"), 20, "it is well again", cluster)
    nodes.wait(lambda: told.exists() and "web running on" in told.read_text(), 10,
               "the alert is told", cluster)
    lines = told.read_text().splitlines()
    assert any("check web-check on n1 failed" in line for line in lines), lines
    assert len(lines) == len(set(lines)), f"told twice: {lines}"
    return "moved away, and an alert for it"


def notify(cluster):
    """What systemd is told: ready, and alive as long as the loop turns."""
    n1, *_ = up(cluster)
    path = cluster.dir / "notify"
    n1.daemon.terminate()
    n1.daemon.wait()
    said = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(str(path))
        server.settimeout(5)
        n1.start_daemon({"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"})
        while said.count("WATCHDOG=1") < 4:
            said += server.recv(4096).decode().split("\n")
    assert "READY=1" in said, said
    return "ready, and alive"


def disk_full(cluster):
    """A node that cannot write its state keeps nobody from going on, and comes back."""
    n3 = cluster.nodes[2]
    n3.state.mkdir()
    nodes.sh(f"mount -t tmpfs -o size=400k tmpfs {n3.state}")
    n1, n2, n3 = up(cluster)
    n1.hactl(f"service create {WEB} --prefer n1")
    nodes.sh(f"dd if=/dev/zero of={n3.state}/big bs=4k count=200 2>/dev/null || true")
    since = time.monotonic()
    for number in range(6):
        n1.hactl(f"set service.web.priority {number + 1}")
    took = time.monotonic() - since
    assert runs(n1, n2) and holders(cluster) == ["n1"], holders(cluster)
    (n3.state / "big").unlink()
    nodes.wait(cluster.settled, 60, "n3 is back", cluster)
    nodes.wait(lambda: n3.hactl("config show") == n1.hactl("config show"), 20,
               "n3 has what it missed", cluster)
    return f"six revisions in {took:.1f} s without it"


VERBS = ("get_status", "why", "plan", "history", "get_config", "list_revisions", "timing",
         "wait", "propose_config", "decide", "set_secret", "subscribe", "no-such", 7, None)
ODD = (None, 0, -1, 1 << 62, "", "web", "n1", "../x", "x" * 5000, [], [1, None, "fail a on b"],
       {}, {"what": "move"}, {"what": "move", "service": "web"}, {"what": 3}, True)
KEYS = ("service", "node", "if", "config", "decide", "what", "rev", "limit", "since_ms",
        "text", "parent", "name", "value", "ticket", "on", "for_ms", "message")


def hostile(cluster):
    """A client that writes anything: it gets an error, or loses its connection."""
    n1, n2, _ = up(cluster)
    n1.hactl(f"service create {WEB}")
    chance = random.Random(1)
    asked = 0
    for verb in VERBS:
        for _ in range(40):
            request = {key: chance.choice(ODD) for key in chance.sample(KEYS, 4)}
            answer = daemon.call(n1, {"verb": verb, **request, "timeout_ms": 1})
            assert answer is None or isinstance(answer["ok"], bool), answer
            asked += 1
    for junk in (b"", b"\0", b"\0\0\0\4[1]x", b"\xff\xff\xff\xff", b"\0\0\0\2{}", b"\0" * 99,
                 b"\0\0\0\7{\"a\":1}", b"\0\0\0\5{\"a\":"):
        daemon.junk(n1, junk)
    n1.hactl("status")
    assert n1.daemon.poll() is None and n2.daemon.poll() is None
    denied = n1.inside("setpriv --reuid 65534 --regid 65534 --clear-groups "
                       f"{nodes.HACTL} status")
    assert denied.returncode == 1, denied
    return f"{asked} requests and junk, nobody fell"


FENCE = "fence off { agent fence_pids; for n1 n2; }"
CASES = [
    ("operations", (3, 1, "fast"), operations),
    ("killed", (3, 1, "fast"), killed),
    ("daemon ends", (3, 1, "fast"), daemon_ends),
    ("agent fails", (3, 1, "fast"), agent_fails),
    ("cut off", (3, 1, "fast"), cut_off),
    ("corosync ends", (3, 1, "fast"), corosync_ends),
    ("leaves", (3, 1, "fast"), leaves),
    ("all leave", (3, 1, "fast"), all_leave),
    ("checks", (3, 1, "fast"), checks),
    ("promotable", (3, 1, "fast"), clones.promotable),
    ("told", (3, 1, "fast", clones.TALKERS), clones.told),
    ("notify", (3, 1, "fast"), notify),
    ("disk full", (3, 1, "fast"), disk_full),
    ("hostile", (3, 1, "fast"), hostile),
    ("measured", (3, 1, "fast"), measured),
    ("two nodes", (2, 1, "fast", FENCE), two_nodes),
    ("parted", (2, 1, "fast", FENCE), parted),
    ("lone pair", (2, 1, "fast"), lone_pair),
]


def run(name, arguments, check):
    cluster = daemon.Cluster(*arguments)
    try:
        print(f"ok {name}: {check(cluster)}", flush=True)
        return True
    except Exception as error:      # one case must not keep the others from running
        print(f"FAIL {name}: {error}", flush=True)
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        print(cluster.last_words(), flush=True)
        return False
    finally:
        cluster.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="", help="only cases with this in their name")
    wanted = [case for case in CASES if parser.parse_args().k in case[0]]
    if os.geteuid() or not shutil.which("corosync") or not daemon.DAEMON.exists():
        print("needs root, corosync and haclusterd")
        print(f"0 passed, 0 failed, {len(wanted)} skipped")
        return 0
    nodes.enter()
    results = [run(*case) for case in wanted]
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
