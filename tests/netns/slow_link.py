"""A slow and distant link: writes and a resync beside them make progress and end."""


def test(c):
    c.ready()
    for node in c:
        node.slow(10, 40)
    c[0].hadm("primary", "r0")
    c[1].hadm("disconnect", "r0")
    c[0].fill(c[0].device(), 24)
    c[1].hadm("connect", "r0")
    for node in c:
        c.wait(lambda: node.connection() != "StandAlone" or
               node.hadm("connect", "r0", check=False), 20, "connecting again")
    writer = c[0].writer(mib=8)
    c.wait_connected()
    writer.wait_more(100)
    c.wait_in_sync()
    assert c.connected(), "a slow link is not a lost one"
    writer.stop()
    for node in c:
        node.join()
    c[0].hadm("secondary", "r0")
