"""A Primary that lost its peer loses power itself, and keeps what it flushed alone."""

from cluster import VOLATILE

TIMEOUT = 480


def test(c):
    c.ready(c.volatile_resource())
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=32, workers=2, flush_every=2)
    writer.wait_more(100)
    c.power_off(1)
    c.wait_lost(0)
    writer.wait_more(c.random.randrange(1, 100))
    c.power_off(0)
    c.start(0, 1)
    writer.check(c[0], path=c[0].disk(VOLATILE), level="flushed")
    for number in c.random.sample((0, 1), 2):
        c[number].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE, level="flushed")
