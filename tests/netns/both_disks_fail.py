"""Both disks fail in turn: the status says what to do, and an old copy is not promoted."""

HINT = "hadm primary --force"


def breaks(c, node):
    """Its disk fails, and a read finds that out."""
    node.break_disk()
    node.run(f"dd if={node.device()} of=/dev/null bs=4k count=1 iflag=direct", check=False)
    left(c, node)


def left(c, node):
    c.wait(lambda: node.disk_state() == "Diskless", 30, "the broken disk is left")


def repaired(node):
    node.heal_disk()
    node.hadm("attach", "r0")


def says_what_to_do(node):
    peer = node.peer()
    return peer.get("connection") == "Connected" and HINT in (peer.get("reason") or "")


def secondary_first(c):
    """The newest data are the Primary's; its disk comes back under it, so they may be old."""
    writer = c[0].writer(seed=1, mib=8)
    writer.wait_more(50)
    c[1].break_disk()
    left(c, c[1])
    writer.wait_more(50)
    writer.stop()
    breaks(c, c[0])
    repaired(c[1])
    repaired(c[0])
    for node in c:
        c.wait(lambda: says_what_to_do(node), 30, "the status says what to do")
    return writer


def decided(c, writer):
    """The old copy is refused, also after a restart by itself; the new one is forced."""
    c[0].hadm("secondary", "r0")
    for node in c:
        c.wait(lambda: says_what_to_do(node), 30, "it still says so")
    assert c[1].disk_state() == "Outdated", c[1].status()
    c[1].refused("primary", "r0", because="is Outdated")
    c[1].hadm("down", "r0")
    c[0].hadm("disconnect", "r0")
    c[1].hadm("up", "r0")
    assert c[1].disk_state() == "Outdated", c[1].status()
    c[1].refused("primary", "r0", because="is Outdated")
    c[0].hadm("connect", "r0")
    c.wait(lambda: says_what_to_do(c[0]), 30, "it is judged the same again")
    c[0].hadm("primary", "--force", "r0")
    c.wait_in_sync()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])


def primary_first(c):
    """The other one has all then, and knows it: nobody has to decide."""
    writer = c[1].writer(seed=2, mib=8)
    writer.wait_more(50)
    c[1].break_disk()
    left(c, c[1])
    writer.wait_more(50)
    writer.stop()
    c[0].break_disk()
    c[1].run(f"dd if={c[1].device()} of=/dev/null bs=4k count=1 iflag=direct", check=False)
    left(c, c[0])
    repaired(c[1])
    repaired(c[0])
    c.wait_in_sync()
    writer.check(c[1])
    c[1].hadm("secondary", "r0")


def test(c):
    c.ready(c.resource(backing={node.name: node.breakable() for node in c}))
    c[0].hadm("primary", "r0")
    decided(c, secondary_first(c))
    primary_first(c)
