"""Writes of a lone Primary: the peer comes back below them, the only disk breaks.

They go a way of their own (kernel/lone.c); what is unusual in between sends them down
the ordinary one.
"""


def steady(c, writer):
    """Mint and intents are done: what follows is usual."""
    writer.wait_more(200)
    assert c[0].disk_state() == "UpToDate"


def loses_peer(c, writer):
    c.cut()
    c.wait_lost()
    steady(c, writer)


def peer_returns(c):
    """Several times, in the middle of the writes; then both hold the same."""
    writer = c[0].writer(seed=3, mib=8)
    for _ in range(4):
        loses_peer(c, writer)
        c.join()
        c.wait_in_sync()
        writer.wait_more(50)
    writer.stop()
    writer.check(c[0])


def detached_and_attached(c):
    """Refused or done, but no write is lost by it, and none hangs."""
    writer = c[0].writer(seed=4, mib=8)
    loses_peer(c, writer)
    c[0].hadm("detach", "r0", check=False)
    steady(c, writer)
    c.join()
    c.wait_in_sync()
    writer.stop()
    writer.check(c[0])


def only_disk_breaks(c):
    """The application is told; nothing is acknowledged that no disk holds."""
    writer = c[0].writer(seed=5, mib=8)
    loses_peer(c, writer)
    c[0].break_disk()
    c.wait(lambda: c[0].disk_state() in ("Diskless", "Failed"), 30,
           "the only disk is detached")
    writer.job.wait(60)
    assert writer.errors(), "the application did not hear of it"
    c[0].heal_disk()
    c[0].hadm("secondary", "r0")
    c[0].hadm("attach", "r0")
    c[0].hadm("primary", "r0")
    writer.check(c[0])
    c.join()
    c.wait_in_sync()


def test(c):
    c.ready(c.resource(backing={node.name: node.breakable() for node in c}))
    c[0].hadm("primary", "r0")
    peer_returns(c)
    detached_and_attached(c)
    only_disk_breaks(c)
    c[0].hadm("secondary", "r0")
