#!/usr/bin/env python3
"""Real corosync with the configurations hactl makes: do they keep what is promised?

usage: tests/cluster-net/run.py [-k WORD]

For each profile: the nodes meet, no membership changes while nothing happens, a node
that is cut off is missed within the time that "hactl cluster timing" states. With two
links, the loss of one is no event at all. Needs root and corosync; prints what it
measured.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import json
import os
import shutil
import sys
import time

import hosts
import nodes

QUIET = 10      # seconds without an event


def promised(cluster):
    said = nodes.sh(f"{nodes.HACTL} cluster timing --json -c {cluster.source}")
    return json.loads(said)["data"]["detect_worst_ms"] / 1000


def stay_quiet(cluster, seconds):
    since = time.monotonic()
    time.sleep(seconds)
    flaps = [line for node in cluster.nodes for _, line in node.formed(since)]
    assert not flaps, f"{len(flaps)} memberships while nothing happened: {flaps[0]}"


def missed_after(cluster, victim):
    """How long the last of the others needs to have a membership without it."""
    others = [node for node in cluster.nodes if node is not victim]
    rest = [node.id for node in others]
    before = cluster.cut(victim)
    nodes.wait(lambda: all(node.met(rest, before) for node in others), 30,
               f"{victim.name} is missed", cluster)
    return max(node.met(rest, before) for node in others) - before


def detection(cluster):
    """Quiet, then a loss, its return, and another loss."""
    stay_quiet(cluster, QUIET)
    worst, times = promised(cluster), []
    for victim in (cluster.nodes[-1], cluster.nodes[0]):
        times.append(missed_after(cluster, victim))
        cluster.join(victim)
        everyone = [node.id for node in cluster.nodes]
        nodes.wait(lambda: all(n.members() == everyone for n in cluster.nodes), 30,
                   f"{victim.name} is back", cluster)
        stay_quiet(cluster, 2)
    said = " ".join(f"{seconds:.2f}" for seconds in times)
    assert max(times) <= worst, f"missed after {said} s, promised {worst:.2f} s"
    return f"missed after {said} s, promised {worst:.2f} s; quiet for {QUIET} s"


def one_link_lost(cluster):
    stay_quiet(cluster, 3)
    cluster.cut(cluster.nodes[0], links=[0])
    stay_quiet(cluster, QUIET)
    cluster.join(cluster.nodes[0])
    stay_quiet(cluster, 5)
    return "one of two links lost and back: no event"


def encrypted(cluster):
    """A node with another key is none."""
    stranger = cluster.nodes[-1]
    stranger.kill()
    others = [node for node in cluster.nodes if node is not stranger]
    rest = [node.id for node in others]
    nodes.wait(lambda: all(node.members() == rest for node in others), 30,
               "it is missed", cluster)
    (cluster.dir / "authkey").write_bytes(os.urandom(256))
    stranger.lines.clear()
    stranger.start()
    nodes.wait(lambda: stranger.members() == [stranger.id], 30, "it is alone", cluster)
    time.sleep(3)
    assert stranger.members() == [stranger.id], "it was let in"
    assert all(node.members() == rest for node in others), "it was let in"
    return "a node with another key is not let in"


def promised_quorum(host):
    said = host.run("hactl cluster timing --json")
    return json.loads(said)["data"]["quorum_worst_ms"] / 1000


def survivor_votes(host, lost):
    """How long one of two needs until it is quorate without the other."""
    before, said = lost.cut(), host.quorum()
    assert "Quorate:          Yes" in said, said
    while "Nodes:            2" in said or "Quorate:          Yes" not in said:
        said = host.quorum()
        if time.monotonic() > before + 20:
            raise AssertionError(f"not quorate after 20 s:\n{said}")
    return time.monotonic() - before


def init(number, detect, witness):
    """hactl cluster init on bare hosts; with a witness, also what it is for."""
    names = [(f"h{n}", f"10.0.0.{n}") for n in range(1, number + 1)]
    found = hosts.make(names + ([("w", "10.0.0.9")] if witness else []))
    try:
        said = hosts.hactl("cluster", "init", "net", "--detect", detect,
                           *[f"{name}={address}" for name, address in names],
                           *(["--witness", "10.0.0.9"] if witness else []))
        assert f"all {number} nodes are members and quorate" in said, said
        for host in found[:number]:
            text = host.quorum()
            assert "Quorate:          Yes" in text, text
        if not witness:
            return f"{number} nodes made of bare hosts; {said.splitlines()[-2].strip()}"
        deadline = time.monotonic() + 20
        while any("A,V,NMW" not in host.quorum() for host in found[:number]):
            assert time.monotonic() < deadline, found[0].quorum()
            time.sleep(0.2)
        time.sleep(3)
        worst, took = promised_quorum(found[0]), survivor_votes(found[0], found[1])
        assert took <= worst, f"quorate after {took:.2f} s, promised {worst:.2f} s"
        return f"with a witness; alone and quorate after {took:.2f} s, promised {worst:.2f} s"
    finally:
        hosts.end(found)


INITS = [
    ("init, 3 nodes", (3, "balanced", False)),
    ("init, 2 nodes and a witness", (2, "balanced", True)),
    ("init, 2 nodes and a witness, fast", (2, "fast", True)),
]

CASES = [
    ("fast, 2 nodes", (2, 1, "fast"), detection),
    ("fast, 2 nodes, 2 links", (2, 2, "fast"), one_link_lost),
    ("fast, 3 nodes", (3, 1, "fast"), detection),
    ("balanced, 2 nodes", (2, 1, "balanced"), detection),
    ("balanced, 3 nodes, 2 links", (3, 2, "balanced"), detection),
    ("relaxed, 2 nodes", (2, 1, "relaxed"), detection),
    ("key, 2 nodes", (2, 1, "fast"), encrypted),
]


def in_cluster(arguments, check):
    cluster = nodes.Cluster(*arguments)
    try:
        cluster.start()
        return check(cluster)
    finally:
        cluster.end()


def run(name, what, *arguments):
    try:
        print(f"ok {name}: {what(*arguments)}", flush=True)
        return True
    except AssertionError as error:
        print(f"FAIL {name}: {error}", flush=True)
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-k", default="", help="only cases with this in their name")
    cases = [(name, in_cluster, arguments, check) for name, arguments, check in CASES]
    cases += [(name, init, *arguments) for name, arguments in INITS]
    wanted = [case for case in cases if parser.parse_args().k in case[0]]
    if os.geteuid() or not shutil.which("corosync"):
        print("needs root and corosync")
        print(f"0 passed, 0 failed, {len(wanted)} skipped")
        return 0
    nodes.enter()
    results = [run(*case) for case in wanted]
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
