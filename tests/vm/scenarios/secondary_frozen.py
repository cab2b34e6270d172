"""The Secondary's machine stands still under load: the Primary does not, for long."""

# a machine that stood still complains about the time it missed
ALLOW = ["clocksource", "soft lockup", "rcu: INFO", "blocked for more than"]


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=16)
    writer.wait_more(100)
    c[1].machine.freeze()
    c.wait_lost(0)
    writer.wait_more(200)
    c[1].machine.thaw()
    c.wait_connected()
    c.wait_in_sync()
    writer.wait_more(50)
    writer.stop()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])
