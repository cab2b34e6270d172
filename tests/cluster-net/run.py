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


class Stalled(Exception):
    """The machine itself stood still for too much of a token."""


def timing(cluster):
    said = nodes.sh(f"{nodes.HACTL} cluster timing --json -c {cluster.source}")
    return json.loads(said)["data"]


def promised(cluster):
    return timing(cluster)["detect_worst_ms"] / 1000


def stay_quiet(cluster, seconds):
    since = time.monotonic()
    time.sleep(seconds)
    flaps = [line for node in cluster.nodes for _, line in node.formed(since)]
    assert not flaps, f"{len(flaps)} memberships while nothing happened: {flaps[0]}"


def settle(cluster):
    """Until two seconds have passed without a membership."""
    nodes.wait(lambda: not any(n.formed(time.monotonic() - 2) for n in cluster.nodes), 30,
               "the membership settles", cluster)


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
        settle(cluster)
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


def rejoins(cluster):
    """A node that comes back does not make those that stayed lose each other."""
    count = 0
    for victim in cluster.nodes * 2:
        others = [node for node in cluster.nodes if node is not victim]
        missed_after(cluster, victim)
        settle(cluster)
        since = time.monotonic()
        cluster.join(victim)
        everyone = [node.id for node in cluster.nodes]
        nodes.wait(lambda: all(n.members() == everyone for n in cluster.nodes), 30,
                   f"{victim.name} is back", cluster)
        settle(cluster)
        told = [line for node in others for _, line in node.formed(since)]
        lost = [line for line in told for node in others
                if str(node.id) in line.partition("left: ")[2].split()]
        assert not lost, f"{victim.name} came back, and another was lost: {lost[0]}"
        count += len(told)
    returns = 2 * len(cluster.nodes)
    return f"{returns} returns, {count / returns / len(others):.1f} memberships each"


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
    ("fast, 3 nodes come back", (3, 1, "fast"), rejoins),
    ("balanced, 2 nodes", (2, 1, "balanced"), detection),
    ("balanced, 3 nodes, 2 links", (3, 2, "balanced"), detection),
    ("relaxed, 2 nodes", (2, 1, "relaxed"), detection),
    ("key, 2 nodes", (2, 1, "fast"), encrypted),
]


def in_cluster(arguments, check):
    """A failure while corosync got no processor says nothing of the configuration."""
    cluster = nodes.Cluster(*arguments)
    try:
        cluster.start()
        return check(cluster)
    except AssertionError as error:
        stall, token = cluster.longest_stall(), timing(cluster)["token_ms"]
        if stall * 2 < token:
            raise
        raise Stalled(f"corosync got no processor for {stall:.0f} ms, token {token} ms; "
                      f"{error}") from error
    finally:
        cluster.end()


def attempt(name, what, *arguments):
    try:
        print(f"ok {name}: {what(*arguments)}", flush=True)
        return True
    except AssertionError as error:
        print(f"FAIL {name}: {error}", flush=True)
        return False
    except Stalled as error:
        print(f"stalled {name}: {error}", flush=True)
        return None


def run(*case):
    """True, False, or None: three times the machine stood still."""
    for _ in range(3):
        result = attempt(*case)
        if result is not None:
            break
    return result


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
    print(f"{results.count(True)} passed, {results.count(False)} failed, "
          f"{results.count(None)} skipped")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
