"""Promotion and demotion are refused where they must be, each with its reason."""


def not_uptodate(c):
    c.load()
    c.configure()
    c.create()
    c.up()
    c.wait_connected()
    c[0].refused("primary", "r0", because=("inconsistent", "uptodate", "up to date"))
    c[0].hadm("skip-initial-sync", "r0")
    c.wait_in_sync()


def peer_is_primary(c):
    c[0].hadm("primary", "r0")
    c[1].refused("primary", "r0", because="primary")
    assert c[1].role() == "Secondary"


def mounted(c):
    c[0].run(["mkfs.ext4", "-q", "-F", c[0].device()], timeout=120)
    holder = c[0].start(f"exec 3<>{c[0].device()}; echo open; exec sleep 100")
    holder.wait_line(1)
    c[0].refused("secondary", "r0", because="sh (pid")
    holder.stop()
    c[0].run(["mount", c[0].device(), "/mnt"])
    said = c[0].refused("secondary", "r0", because="mount (pid")
    assert c[0].role() == "Primary", said
    c[0].refused("down", "r0", because="mount (pid")
    c[0].run("umount /mnt")
    c[0].hadm("secondary", "r0")


def outdated(c):
    c[1].refused("outdate", "r0", because="disconnect first")
    assert c.in_sync(), "a refused command changed something"
    for node in c:
        node.hadm("disconnect", "r0")
    c[1].hadm("outdate", "r0")
    assert c[1].disk_state() == "Outdated"
    c[1].refused("primary", "r0", because="outdated")
    for node in c:
        node.hadm("connect", "r0")
    c.wait_in_sync()


def fenced(c):
    for node in c:
        node.hadm("down", "r0")
    c.configure(c.resource(net={"fencing": "resource-only"}))
    c.up()
    c.wait_in_sync()
    c[1].hadm("down", "r0")
    c[0].hadm("down", "r0")
    c[0].hadm("up", "r0")
    c.wait(lambda: c[0].disk_state() in ("Consistent", "UpToDate"), 20, "attached")
    c[0].refused("primary", "r0", because=("fenc", "peer", "consistent"))
    c[1].hadm("up", "r0")
    c.wait_in_sync()
    c[0].hadm("primary", "r0")
    c[0].hadm("secondary", "r0")


def test(c):
    not_uptodate(c)
    peer_is_primary(c)
    mounted(c)
    outdated(c)
    fenced(c)
