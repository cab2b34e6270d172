"""Power fails on both at once: each flush that returned is on either disk, by itself."""

from cluster import VOLATILE

TIMEOUT = 480


def test(c):
    c.ready(c.volatile_resource())
    c[0].hadm("primary", "r0")
    writer = c[0].writer(VOLATILE, mib=32, workers=2, flush_every=3)
    writer.wait_more(c.random.randrange(100, 300))
    c.power_off(0, 1)
    lost, kept = (sum(pages) for pages in zip(*(node.machine.pages for node in c)))
    assert lost + kept, "everything was flushed: nothing is shown"
    c.start(0, 1)
    for node in c:
        writer.check(node, path=node.disk(VOLATILE), level="flushed")
    c.up()
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    c[1].hadm("primary", "r0")
    writer.check(c[1], VOLATILE, level="flushed")
