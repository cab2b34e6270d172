"""A disk breaks, on the Primary and on the Secondary: I/O goes on; a new one syncs."""


def gone(node):
    return node.disk_state() in ("Diskless", "Failed")


def secondary_breaks(c):
    writer = c[0].writer(seed=1, mib=8)
    writer.wait_more(50)
    c[1].break_disk()
    c.wait(lambda: gone(c[1]), 30, "the Secondary detaches its broken disk")
    writer.wait_more(100)
    assert c[0].disk_state() == "UpToDate"
    c[1].heal_disk()
    c[1].hadm("attach", "r0")
    c.wait_in_sync()
    writer.stop()


def primary_breaks(c):
    writer = c[0].writer(seed=2, mib=8)
    writer.wait_more(50)
    c[0].break_disk()
    c.wait(lambda: gone(c[0]), 30, "the Primary detaches its broken disk")
    writer.wait_more(100)
    writer.stop()
    writer.check(c[0])          # read from the peer
    assert c[0].role() == "Primary"


def replaced(c):
    """A new, empty disk in the place of the broken one."""
    c[0].heal_disk()
    c[0].run(f"blkdiscard -f -z /dev/mapper/{c[0].name}-0")
    c[0].hadm("create-md", "r0")
    c[0].hadm("attach", "r0")
    c.wait_in_sync()
    c[0].hadm("secondary", "r0")


def test(c):
    c.ready(c.resource(backing={node.name: node.breakable() for node in c}))
    c[0].hadm("primary", "r0")
    secondary_breaks(c)
    primary_breaks(c)
    replaced(c)
