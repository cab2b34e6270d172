"""The Primary's power fails: its disk lost writes that the other has, and gets them."""

from cluster import VOLATILE

TIMEOUT = 360


def test(c):
    c.ready(c.volatile_resource())
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=32, flush_every=50)
    writer.wait_more(c.random.randrange(200, 600))
    c.power_off(0)
    c.wait_lost(1)
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE)
    c.start(0)
    c[0].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    writer.check(c[1], VOLATILE)
