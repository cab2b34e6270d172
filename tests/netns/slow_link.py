"""A slow and distant link: writes and a resync beside them make progress and end."""


def handed_over_at_once(c):
    """The peer is told of a demotion a little after it has ended: that is waited for."""
    for node in c:
        node.slow(200, 40)
    for _ in range(2):
        for node, other in ((c[0], c[1]), (c[1], c[0])):
            node.hadm("primary", "r0")
            c.wait(lambda end=other: end.peer()["role"] == "Primary", 10, "it is told")
            other.refused("primary", "r0", because="the peer is Primary")
            node.hadm("secondary", "r0")
    for node in c:
        node.join()


def test(c):
    c.ready()
    handed_over_at_once(c)
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
