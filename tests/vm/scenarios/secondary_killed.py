"""The Secondary is killed under load: the Primary goes on, the Secondary catches up."""


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=32)
    writer.wait_more(300)
    c.kill(1)
    c.wait_lost(0)
    writer.wait_more(300)
    c.start(1)
    before = c[1].writes()
    c[1].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
    moved = c[1].writes() - before
    assert moved < 100 << 20, f"{moved} bytes moved: that is everything"
    writer.wait_more(100)
    writer.stop()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])
