"""Power fails on both at once: each write that was flushed is on both afterwards."""

from cluster import VOLATILE


def test(c):
    c.ready(c.resource(index=VOLATILE))
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=32, workers=2, flush_every=1)
    writer.wait_more(300)
    for node in c:          # both stand still before the first loses power
        node.machine.freeze()
    c.kill(0)
    c.kill(1)
    c.start(0, 1)
    c.up()
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE)
