"""Three votes, no fence device: an exclusion takes the device over, I/O waits for that.

The device has fencing resource-and-stonith, and two of three votes decide. The active
node is killed, cut off, frozen. After each: every acknowledged record is there, nothing
was acknowledged by the old one after the other began, the old one ends as Secondary.
Then one is away and excluded, and the other that went on dies: the stale one alone, with
two of three votes, is not promoted.
"""
import os
import signal
import time

import acknowledged
import hacluster

TIMEOUT = 1200
LONG = "five faults of three machines"
SERVICE = """
  device r0 { hadm r0; }
  service web {
    storage r0;
    mount /dev/ha0 /srv ext4;
    ip 10.77.0.50/24 { dev eth0; }
    ocf journal ocf:hatest:journal { monitor 2s; stop-timeout 5s; }
  }
"""
FENCING = {"fencing": "resource-and-stonith"}
LETS_GO = 180       # seconds; stops that wait for I/O which does not end, one by one
EDGE = 7            # seconds; about the time in which a lost node is missed


class Story:
    """Who serves, and what must be true after each fault."""

    def __init__(self, c, manager, client):
        self.c, self.manager, self.client = c, manager, client
        self.served = [c[0].name]
        self.since = 0.0            # what was before is told

    def taken_over(self, by):
        c, manager = self.c, self.manager
        c.wait(lambda: manager.runs_on("web", by), 90, f"web runs on {by.name}")
        self.served.append(by.name)
        self.client.wait_more(50, f"{by.name} answers")

    def over(self, active, fault):
        """Both are well; all that was promised is true."""
        c, manager = self.c, self.manager
        other = c[1] if active is c[0] else c[0]
        c.wait(lambda: other.role() == "Secondary", LETS_GO, f"{other.name} is Secondary")
        c.wait_in_sync()
        c.wait(lambda: manager.well(active), 60, "no problem is left")
        c.wait(lambda: not excluded(manager, active), 30, "no exclusion is left")
        assert not other.run("pgrep -f '[j]ournal.py serve'", check=False), \
            f"{other.name} still serves"
        assert active.role() == "Primary" and manager.runs_on("web", active)
        self.check(active, fault)

    def check(self, active, fault):
        answers = acknowledged.answers(self.client)
        starts = acknowledged.check_journal(active.run("cat /srv/journal").out, answers)
        assert starts == self.served, f"served by {starts}, expected {self.served}"
        changes = acknowledged.gaps(answers)
        heard = [self.served[0]] + [after for _, _, after in changes]
        others = [name for name, before in zip(self.served, [None, *self.served])
                  if name != before]
        assert heard == others, f"answers came from {heard}"
        gap = acknowledged.longest_gap(answers, self.since)
        print(f"{fault}: no answer for {gap:.2f} s; {len(answers)} records "
              "acknowledged, all there", flush=True)
        self.since = answers[-1][0]


def excluded(manager, node):
    """May a node not promote r0, by what is said of the service?"""
    said = manager.hactl(node, "why web", check=False)
    return not said or "excluded" in said.out


def killed(c, story):
    c.kill(0)
    story.taken_over(c[1])
    story.manager.again(0)
    story.over(c[1], "killed")


def cut_off(c, story):
    """It suspends its I/O, which only ends when it is back, with an error."""
    c[1].machine.cut()
    story.taken_over(c[0])
    assert c[1].role() == "Primary", "it has let go without quorum"
    assert "fencing" in c[1].status()["suspended"], "it is alone and not suspended"
    c[1].machine.join()
    story.over(c[0], "cut off")


def freeze(node):
    os.kill(node.machine.process.pid, signal.SIGSTOP)


def thaw(node):
    os.kill(node.machine.process.pid, signal.SIGCONT)


def frozen(c, story):
    """It thaws with all it had begun, and without knowing."""
    freeze(c[0])
    try:
        story.taken_over(c[1])
    finally:
        thaw(c[0])
    story.over(c[1], "frozen")


def frozen_at_the_edge(c, story):
    """As long as it takes to be missed: whoever serves then, nothing is lost."""
    manager = story.manager
    freeze(c[1])
    try:
        time.sleep(EDGE)            # of the fault, not for anything to happen
    finally:
        thaw(c[1])
    story.client.wait_more(100, "somebody answers", 120)
    c.wait(lambda: any(manager.runs_on("web", node) for node in c), 90, "web runs")
    c.wait_in_sync()
    active = next(node for node in c if manager.runs_on("web", node))
    story.client.wait_more(20, "and goes on")
    if active is not c[1]:
        story.served.append(active.name)
    story.over(active, f"frozen for {EDGE} s, " +
               ("taken over" if active is c[0] else "not taken over"))


def stale(c, story):
    """The one with the last data is gone: the other has a majority, and is refused."""
    manager = story.manager
    active = next(node for node in c if manager.runs_on("web", node))
    number = list(c).index(active)
    other = c[1 - number]
    c.kill(1 - number)
    story.client.wait_more(200, f"{active.name} goes on alone")
    c.kill(number)
    manager.again(1 - number)
    c.wait(lambda: other.disk_state() == "Outdated", 90, f"{other.name} is outdated")
    other.refused("primary", "r0", because="outdated")
    c.wait(lambda: "impossible" in manager.hactl(other, f"why web {other.name}").out, 60,
           "the reason is said")
    print(manager.hactl(other, "why web").out)
    assert other.role() == "Secondary" and not manager.runs_on("web", other)
    manager.again(number)
    story.taken_over(active)
    story.over(active, "stale")


def run(c, manager):
    c[0].hadm("primary", "r0")
    c[0].run("mkfs.ext4 -q -E nodiscard,lazy_itable_init=0 /dev/ha0", timeout=120)
    c[0].hadm("secondary", "r0")
    manager.begin()
    c.wait(lambda: manager.runs_on("web", c[0]), 90, "web runs on node1")
    client = manager.outside("journal.py", "write", "10.77.0.50", 7000)
    client.wait_more(100, "the client has answers")
    print(manager.hactl(c[1], "status").out)
    story = Story(c, manager, client)
    killed(c, story)
    cut_off(c, story)
    frozen(c, story)
    frozen_at_the_edge(c, story)
    stale(c, story)
    client.end()
    manager.stop()
    c.up()                              # to be compared, see oracle.py
    c.wait_connected()


def test(c):
    c.ready(c.resource(net=FENCING))
    manager = hacluster.Manager(c, SERVICE, voter=True)
    try:
        run(c, manager)
    except Exception:
        for node in c:
            if node.machine.alive():
                thaw(node)
        manager.tell()
        raise
    finally:
        manager.end()
