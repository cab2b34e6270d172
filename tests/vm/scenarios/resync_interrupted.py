"""A resync is cut, and its target killed: it goes on until both are equal."""

MIB = 96


def syncing(c):
    return c[1].disk_state() == "Inconsistent" and c[1].peer().get("resync")


def test(c):
    c.load()
    c.configure(c.resource(disk={"resync-rate": "8M"}))
    c.create()
    c.up()
    c.wait_connected()
    c[0].hadm("skip-initial-sync", "r0")
    c.wait_in_sync()
    c[0].hadm("primary", "r0")
    c.cut()
    c.wait_lost()
    c[0].fill(c[0].device(), MIB)
    c.join()
    c.wait(lambda: syncing(c), 30, "the resync runs")
    c.cut()
    c.wait_lost()
    assert c[1].disk_state() == "Inconsistent", "half synced, and not Inconsistent"
    c[1].refused("primary", "r0", because=("inconsistent", "uptodate", "up to date"))
    c.join()
    c.wait(lambda: syncing(c), 30, "the resync runs again")
    c.kill(1)
    c.start(1)
    c[1].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
