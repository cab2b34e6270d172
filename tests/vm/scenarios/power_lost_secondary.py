"""The Secondary's power fails: what it acknowledged from its cache is sent again."""

from cluster import VOLATILE

TIMEOUT = 360


def test(c):
    c.ready(c.volatile_resource())
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=32)      # never flushes
    writer.wait_more(c.random.randrange(200, 600))
    c.power_off(1)
    c.wait_lost(0)
    c.start(1)
    c[1].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
    writer.stop()
    c.assert_equal()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE)
