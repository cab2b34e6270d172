"""Writers, resyncs, cuts, roles, disks and status all at once: nothing is lost or raced."""

import json
import os

import kernels
import node as nodes

SECONDS = int(os.environ.get("STORM", "25"))
NET = {"timeout": "2s", "ping-interval": "1s", "ping-timeout": "2s",
       "connect-interval": "1s", "data-streams": "2"}
TIMEOUT = 600


def storms(c, broken):
    """On both ends at the same time; what each says in the end."""
    seed = c.random.randrange(1 << 20)
    program = nodes.LOAD.replace("load.py", "storm.py")
    longest = 4 * SECONDS * kernels.patience
    jobs = []
    for number, node in enumerate(c):
        # r0 is small, so that its resyncs end
        disks = " ".join((node.disk(2), broken if number else node.disk(1),
                          node.disk(0)))
        jobs.append(node.machine.start(
            f"exec nice {program} {number} {node.address} "
            f"{c[1 - number].address} {seed} {SECONDS} {longest} {disks}"))
    for job in jobs:
        assert job.wait(SECONDS * 5 + 60) == 0, job.lines[-5:]
    return [json.loads(job.lines[-1]) for job in jobs]


def agree(c, name):
    """One write history, where two are allowed.

    The disk of r1's Primary may be taken away, come back without the peer that went on
    in its place, and be written to: both wrote, and both have to say so.
    """
    def apart():
        return [node for node in c if node.connection(name) == "StandAlone"]

    c.wait(lambda: c.in_sync(name) or apart(), 120, f"{name} in sync or split")
    if apart():
        assert "split brain" in json.dumps([node.status(name) for node in c])
        print(f"     {name}: split brain", flush=True)
        c[0].hadm("connect", name, check=False)
        c[1].hadm("connect", "--discard-my-data", name)
    c.wait_in_sync(name)


def test(c):
    broken = c[1].breakable(1)
    c.ready(c.resource("r0", 2, net=NET), c.resource("r2", 0, net=NET),
            c.resource("r1", 1, net=NET, backing={"node2": broken}))
    c[0].hadm("primary", "r0")
    writer = c[0].writer(index=2, mib=8, workers=2, flush_every=10)
    for said in storms(c, broken):
        print(f"     {sum(said['counts'].values())} done, "
              f"{sum(said['refused'].values())} refused", flush=True)
        assert not said["errors"], said["errors"]
        assert not said["missing"], f"hardly ever {said['missing']}: {said['refused']}"
    writer.stop()
    c.wait_in_sync("r0")
    agree(c, "r1")
    writer.check(c[0], 2)
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1], 2)
    c[1].hadm("secondary", "r0")
