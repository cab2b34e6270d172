#!/usr/bin/env python3
"""The cluster's demonstration: the active node is killed, frozen, cut off.

Three machines, two have data and the third votes. A database with its address, and two
web servers behind HAProxy; clients outside that never stop. Every step is checked, and
one that does not hold ends the demonstration with status 1.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import re
import signal
import subprocess
import sys

import acknowledged
import demo_services
import hacluster
import kernels
import oracle
from cluster import NotReached, wait
from demo import step
from lab import Lab
from node import Node

DISKS = [512]
FENCING = {"fencing": "resource-and-stonith"}
FAULTS = ("kill", "freeze", "cut")


def show(text):
    """What a command printed, under the step that it belongs to."""
    for line in text.rstrip().splitlines():
        print(f"           | {line}")
    sys.stdout.flush()


class DemoManager(hacluster.Manager):
    """haclusterd, and what its services need on a node."""

    def install(self, node):
        demo_services.install(node)
        super().install(node)


class Demo:
    """The cluster, its clients, and who has served the database."""

    def __init__(self, c, third, manager):
        self.c, self.third, self.manager = c, third, manager
        self.served = []
        self.rows = self.pages = None

    def active(self):
        return next((node for node in self.c if node.machine.alive() and
                     self.manager.runs_on("db", node, self.third)), None)

    def hactl(self, words):
        print(f"           $ hactl {words}")
        show(self.manager.hactl(self.third, words, timeout=60).out)

    # -- to begin with

    def prepare(self):
        c = self.c
        with step("a replicated device, ext4 on it, an empty database in that"):
            c.ready(c.resource(net=FENCING))
            c[0].hadm("primary", "r0")
            c[0].run("mkfs.ext4 -q -E nodiscard,lazy_itable_init=0 /dev/ha0", timeout=120)
            demo_services.create_database(c[0])
            c[0].hadm("secondary", "r0")
        with step("corosync and haclusterd on three nodes; all services run") as note:
            self.manager.begin()
            wait(lambda: self.running("db") and self.running("front"), 240, "services run")
            wait(lambda: self.manager.well(self.third), 90, "no problem is left")
            self.served.append(self.active().name)
            note(f"db on {self.served[0]}, front on {self.running('front')}")
        with step("clients: rows through the address, pages through HAProxy") as note:
            program = "demo_clients.py"
            self.rows = self.manager.outside(program, "rows", demo_services.DATABASE)
            self.pages = self.manager.outside(
                program, "pages", f"http://{demo_services.FRONT}/")
            self.rows.wait_more(50, "rows are acknowledged", 90)
            self.pages.wait_more(20, "pages come", 90)
            note("pages come from " + " and ".join(sorted(
                {node for _, _, node in acknowledged.answers(self.pages)})))
        self.hactl("status")
        self.hactl("why db")
        self.hactl(f"plan --if 'node {self.served[0]} down'")

    def running(self, service):
        state = self.manager.service(self.third, service)
        return state and state["state"] == "running" and state["node"]

    # -- faults

    def fault(self, kind):
        node = self.active()
        number = list(self.c).index(node)
        other = self.c[1 - number]
        since = acknowledged.answers(self.pages)[-1][0]
        what = {"kill": "is killed", "freeze": "is frozen", "cut": "is cut off"}[kind]
        with step(f"{node.name}, the active one, {what}; db runs on {other.name}") as note:
            self.begin_fault(kind, node, number)
            wait(lambda: self.manager.runs_on("db", other, self.third), 180, "taken over")
            self.served.append(other.name)
            self.rows.wait_more(50, f"{other.name} acknowledges", 90)
            lost = acknowledged.gaps(acknowledged.answers(self.rows))[-1][0]
            pages = acknowledged.longest_gap(acknowledged.answers(self.pages), since)
            note(f"the database's client had no answer for {lost:.1f} s, that of the web "
                 f"servers for {pages:.1f} s")
        self.hactl("history db --since 5m")
        back = {"kill": "boots", "freeze": "is thawed", "cut": "is heard again"}[kind]
        with step(f"{node.name} {back}: Secondary, in sync, runs no database") as note:
            self.end_fault(kind, node, number)
            wait(lambda: node.role() == "Secondary", 120, f"{node.name} is Secondary")
            self.c.wait_in_sync()
            wait(lambda: not self.manager.running(node, "mariadbd"), 90,
                 f"{node.name} has stopped its database")
            note(self.settle())
            assert self.active() is other, "db moved back by itself"
        with step("no acknowledged row is lost, nothing ran twice") as note:
            note(self.check())

    def begin_fault(self, kind, node, number):
        if kind == "kill":
            self.c.kill(number)
        elif kind == "freeze":
            os.kill(node.machine.process.pid, signal.SIGSTOP)
        else:
            node.machine.cut()

    def end_fault(self, kind, node, number):
        if kind == "kill":
            self.manager.again(number)
        elif kind == "freeze":
            os.kill(node.machine.process.pid, signal.SIGCONT)
        else:
            node.machine.join()

    def settle(self):
        """A monitor that was frozen, or waited for suspended I/O, has timed out."""
        try:
            wait(lambda: self.manager.well(self.third), 15, "no problem is left")
            return "no problem is left"
        except NotReached:
            problems = self.manager.status(self.third)["problems"]
            for service in ("db", "www", "lb"):
                self.manager.hactl(self.third, f"clear {service}")
            wait(lambda: self.manager.well(self.third), 60, "no problem is left")
            return f"cleared by hactl clear: {problems}"

    def check(self):
        """By the journal in the database, and by what the client was told."""
        answers = acknowledged.answers(self.rows)
        words = [hacluster.ROOT / "tests/vm/demo_clients.py", "journal",
                 demo_services.DATABASE]
        text = subprocess.run(self.manager.network.enter(words), check=True, text=True,
                              stdout=subprocess.PIPE, timeout=60).stdout
        lines = [line.split() for line in text.splitlines()]
        starts = acknowledged.check_journal(
            "\n".join(f"{word} {node}" for word, node, _ in lines if word != "stop"), answers)
        # A check that did not answer in time, while much was copied: started again there.
        moves = [name for name, before in zip(starts, [None, *starts]) if name != before]
        assert moves == self.served, f"served by {starts}, expected {self.served}"
        heard = self.served[:1] + [after for _, _, after in acknowledged.gaps(answers)]
        assert heard == self.served, f"answers came from {heard}"
        owners = ", ".join(f"{at} {node} {word}" for word, node, at in lines
                           if not word.isdigit())
        again = len(starts) - len(moves)
        return f"{len(answers)} acknowledged, all there; owners: {owners}" + (
            f"; restarted in place {again} times" if again else "")

    # -- the end

    def finish(self, mark):
        with step("everything is stopped in order"):
            self.rows.end()
            self.pages.end()
            self.manager.stop("front", "db")
        with step("both disks are equal, the kernels have not complained"):
            self.c.up()
            self.c.wait_connected()
            oracle.check(self.c, mark)


def outages(manager, node):
    """The lines of the history that say how long db was away."""
    text = manager.hactl(node, "history db --since 2h", timeout=60).out
    return [line for line in text.splitlines() if re.search("outage", line)]


def run(lab, faults):
    with step(f"boot three machines with Linux {lab.release}"):
        c = lab.prepare(3)
    machine = lab.machines[2]
    third = Node(machine, machine.name, [0], machine.address, machine.address6)
    manager = DemoManager(c, demo_services.SERVICES, third)
    demo = Demo(c, third, manager)
    try:
        demo.prepare()
        for kind in faults:
            demo.fault(kind)
        print("           outages by hactl history:")
        show("\n".join(outages(manager, third)))
        demo.hactl("status")
        demo.finish(lab.mark)
    except Exception:
        for one in lab.machines:
            if one.alive():
                os.kill(one.process.pid, signal.SIGCONT)
        manager.tell()
        raise
    finally:
        manager.end()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lab = Lab(kernels.use("6.12"), DISKS, 3)
    try:
        run(lab, sys.argv[1:] or FAULTS)
    except Exception as error:      # whatever did not hold
        print(f"demo-cluster: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        lab.close()
    print("all of it held")
    return 0


if __name__ == "__main__":
    sys.exit(main())
