"""hadm down ends within ten seconds in every phase of a resource's life."""


def down(c, phase, nodes=(0, 1)):
    for number in nodes:
        result = c[number].hadm("down", "r0", check=False, timeout=10)
        assert result, f"down while {phase}: {result}"
        assert c[number].status() is None, f"still there after down while {phase}"


def connecting(c):
    c[0].hadm("up", "r0")
    down(c, "waiting for the peer", (0,))


def peer_unreachable(c):
    c.up()
    c.wait_in_sync()
    c.cut()
    down(c, "the peer has just become unreachable")
    c.join()


def resyncing(c):
    c.up()
    c.wait_in_sync()
    c[1].hadm("invalidate", "r0")
    c.wait(lambda: c[1].disk_state() == "Inconsistent", 20, "the resync runs")
    down(c, "target of a resync", (1,))
    c[1].hadm("up", "r0")
    c.wait(lambda: c[1].disk_state() == "Inconsistent", 20, "the resync runs again")
    down(c, "source of a resync", (0,))
    down(c, "its source has gone", (1,))


def after_load(c):
    """The writer's last requests hang in a cut link when its process is killed."""
    c.up()
    c.wait_in_sync()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=8)
    writer.wait_more(50)
    c.cut()
    writer.job.signal(9)
    writer.job.wait(30)
    down(c, "writes wait for a lost peer")
    c.join()


def suspended(c):
    c.up()
    c.wait_in_sync()
    c[0].hadm("primary", "r0")
    c[0].hadm("suspend-io", "r0")
    down(c, "I/O is suspended")


def test(c):
    c.ready(c.resource(disk={"resync-rate": "8M"}))
    c[0].hadm("primary", "r0")
    c[0].fill(c[0].device(), 32)
    down(c, "connected Primary")
    for phase in (connecting, peer_unreachable, resyncing, after_load, suspended):
        phase(c)
    c.up()
    c.wait_in_sync()
