"""Both are killed under load: what was acknowledged is on both when they are back."""


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=64, flush_every=16)
    writer.wait_more(500)
    c.kill(1)
    c.kill(0)
    c.start(0, 1)
    c.up()
    c.wait_connected()
    c.wait_in_sync()
    c.assert_equal()
    c[1].hadm("primary", "r0")
    writer.check(c[1])
