"""A fenced peer: the Primary that waited goes on, the Secondary takes over, no split brain."""

FENCING = {"fencing": "resource-and-stonith"}
TIMEOUT = 400


def suspended(node):
    return "fencing" in node.status()["suspended"]


def primary_goes_on(c):
    """It is suspended without its peer, until that is known to be fenced."""
    c[0].hadm("primary", "r0")
    c[0].refused("fenced", "r0", because="answers")
    writer = c[0].writer(mib=8, workers=2)
    writer.wait_more(50)
    c.cut()
    c.wait_lost()
    c.wait(lambda: suspended(c[0]), 20, "suspended")
    c[1].refused("primary", "r0", because="fenced")
    assert c[1].disk_state() == "Consistent"
    c[0].hadm("fenced", "r0")
    writer.wait_more(50)
    c.join()
    c.wait_connected()
    c.wait_in_sync()
    writer.stop()
    writer.check(c[0])


def secondary_takes_over(c):
    """The Primary is gone; what it comes back with is overwritten, not split."""
    writer = c[0].writer(mib=8, workers=2)
    writer.wait_more(50)
    c.cut()
    c.wait_lost()
    c[1].hadm("fenced", "r0")
    c[1].hadm("primary", "r0")
    assert c[1].disk_state() == "UpToDate"
    c[0].hadm("secondary", "--force", "r0")
    writer.job.wait(30)
    writer.check(c[1])          # all that was acknowledged is there
    c[1].fill(c[1].device(), 1)
    c.join()
    c.wait_connected()
    c.wait_in_sync()
    assert c[1].role() == "Primary"
    c[1].hadm("secondary", "r0")


def connection_ends_it(c):
    """A peer that has connected is not fenced any more."""
    c.cut()
    c.wait_lost()
    c[0].hadm("fenced", "r0")
    c.join()
    c.wait_connected()
    c.cut()
    c.wait_lost()
    c[0].refused("primary", "r0", because="fenced")
    c.join()
    c.wait_connected()
    c.wait_in_sync()


def test(c):
    c.ready(c.resource(net=FENCING))
    primary_goes_on(c)
    secondary_takes_over(c)
    connection_ends_it(c)
