"""From create-md to rmmod: two nodes, one resource, data crosses, everything ends."""


def test(c):
    c.ready()
    assert c[0].role() == "Secondary", c[0].status()
    c[0].hadm("primary", "r0")
    assert c[0].hadm("role", "r0").out.split()[0].startswith("Primary/Secondary")
    assert c[1].hadm("role", "r0").out.split()[0].startswith("Secondary/Primary")
    assert c[0].hadm("cstate", "r0").out.strip().endswith("Connected")
    assert c[0].hadm("dstate", "r0").out.strip().endswith("UpToDate/UpToDate")
    c[0].fill(c[0].device(), 16)
    c.assert_equal()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    c[1].fill(c[1].device(), 8, offset=100)
    c[1].hadm("secondary", "r0")
    # again without create-md: what is on the disks is enough
    for node in c:
        node.hadm("down", "r0")
    assert c[0].status() is None, "the resource is still there after down"
    c.up()
    c.wait_in_sync()
