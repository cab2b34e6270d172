"""The Primary is killed under load: the other has every acknowledged write."""


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    first = c[0].writer(seed=1, mib=64)
    first.wait_more(500)
    c.kill(0)
    c.wait_lost(1)
    c[1].hadm("primary", "r0")
    first.check(c[1])
    second = c[1].writer(seed=2, mib=16)
    second.wait_more(200)
    assert c[1].peer()["out_of_sync_bytes"] > 0, "nothing is marked for the lost peer"

    c.start(0)
    before = c[0].writes()
    c[0].hadm("up", "r0")
    c.wait_connected()
    c.wait_in_sync()
    moved = c[0].writes() - before
    second.wait_more(100)
    second.stop()
    assert moved < 100 << 20, f"{moved} bytes moved: that is everything"
    second.check(c[1])
    c[1].hadm("secondary", "r0")
    c[0].hadm("primary", "r0")
    second.check(c[0])
