"""Both were Primary apart: both notice and stop; by hand one gives up its changes."""


def said(node):
    """In the log, and where hadm status shows why there is no connection."""
    return all("split brain" in text.lower().replace("-", " ")
               for text in (node.run("dmesg").out, node.peer()["reason"]))


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    c[0].fill(c[0].device(), 4)
    c.cut()
    c.wait_lost()
    c[1].hadm("primary", "r0")
    kept = c[0].writer(seed=1, mib=8)
    lost = c[1].writer(seed=2, mib=8)
    kept.wait_more(100)
    lost.wait_more(100)
    kept.stop()
    lost.stop()

    c.join()
    for node in c:
        c.wait(lambda: node.connection() == "StandAlone", 30, f"{node.name} StandAlone")
        assert said(node), f"{node.name} does not say split brain"
    kept.check(c[0])
    lost.check(c[1])

    c[1].hadm("secondary", "r0")
    c[1].hadm("connect", "--discard-my-data", "r0")
    c[0].hadm("connect", "r0")
    c.wait_connected()
    c.wait_in_sync()
    kept.check(c[0])
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    kept.check(c[1])
