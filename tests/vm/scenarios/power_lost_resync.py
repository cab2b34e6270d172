"""Power fails at the target of a resync, then at both ends: it ends with all there."""

from cluster import VOLATILE

TIMEOUT = 600

SLOW = {"resync-rate": "1M"}


def resyncing(c):
    return c[1].peer().get("replication") == "SyncTarget"


def test(c):
    c.ready(c.volatile_resource(disk=SLOW))
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=8, workers=2, flush_every=10)
    writer.wait_more(50)
    c[1].hadm("invalidate", "r0")
    c.wait(lambda: resyncing(c), 30, "a resync")
    writer.wait_more(c.random.randrange(1, 100))
    c.power_off(1)
    c.start(1)
    c[1].hadm("up", "r0")
    c.wait(lambda: resyncing(c), 30, "the resync goes on")
    writer.wait_more(c.random.randrange(1, 100))
    c.power_off(0, 1)
    c.start(0, 1)
    writer.check(c[0], path=c[0].disk(VOLATILE), level="flushed")
    c.up()
    for node in c:
        node.run(["hasetup", "resource-options", "r0", "--resync-rate", "0"])
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE, level="flushed")
