"""Writers, resyncs, cuts, roles, disks and status all at once: nothing is lost or raced."""

import json

SECONDS = 60
NET = {"timeout": "2s", "ping-interval": "1s", "ping-timeout": "2s",
       "connect-interval": "1s"}
TIMEOUT = 400
# Each must have worked at least once on that end, or the storm was none.
MUST = [{"cut", "get", "I/O r0", "I/O r1", "suspend_io r0", "primary r1", "detach r1",
         "attach r1", "disconnect r1", "down r2", "attach r2"},
        {"get", "detach r0", "attach r0", "invalidate r0", "pause_sync r0",
         "disconnect r0", "detach r1", "attach r1", "down r2", "attach r2"}]


def storms(c):
    """On both ends at the same time; what each says in the end."""
    seed = c.random.randrange(1 << 20)
    jobs = []
    for number, node in enumerate(c):
        # r0 is small, so that its resyncs end
        disks = " ".join(node.disk(index) for index in (2, 1, 0))
        jobs.append(node.machine.start(
            f"exec python3 /ha/tests/vm/storm.py {number} {node.address} "
            f"{c[1 - number].address} {seed} {SECONDS} {disks}"))
    for job in jobs:
        assert job.wait(SECONDS * 2 + 60) == 0, job.lines[-5:]
    return [json.loads(job.lines[-1]) for job in jobs]


def test(c):
    c.ready(*(c.resource(f"r{number}", 2 - number, net=NET) for number in range(3)))
    c[0].hadm("primary", "r0")
    writer = c[0].writer(index=2, mib=8, flush_every=10)
    for said, must in zip(storms(c), MUST):
        assert not said["errors"], said["errors"]
        missing = must - set(said["counts"])
        assert not missing, f"never: {missing}; refused: {said['refused']}"
    writer.stop()
    c.wait_in_sync("r0")
    writer.check(c[0], 2)
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1], 2)
    c[1].hadm("secondary", "r0")
