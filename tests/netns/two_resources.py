"""Two resources at once, Primary on different ends: neither disturbs the other."""


def test(c):
    c.ready(c.resource("r0", 0) + c.resource("r1", 1))
    c[0].hadm("primary", "r0")
    c[1].hadm("primary", "r1")
    one = c[0].writer(index=0, seed=1, mib=16)
    two = c[1].writer(index=1, seed=2, mib=16)
    one.wait_more(200)
    two.wait_more(200)
    c[1].hadm("disconnect", "r0")
    c.wait(lambda: c[0].connection("r0") != "Connected", 20, "r0 is disconnected")
    two.wait_more(100)
    assert c[0].connection("r1") == "Connected", "r1 should not care about r0"
    one.wait_more(100)
    for node in c:
        if node.connection("r0") == "StandAlone":
            node.hadm("connect", "r0")
    c.wait_in_sync("r0")
    one.stop()
    two.stop()
    c[0].hadm("secondary", "r0")
    c[1].hadm("secondary", "r1")
    c[1].hadm("primary", "r0")
    one.check(c[1], 0)
    c[1].hadm("secondary", "r0")
