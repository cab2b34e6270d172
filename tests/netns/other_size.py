"""Disks of two sizes: the smaller decides; one that shrank below it is refused."""


def resize(node, path, mib):
    table = f"0 {mib << 11} linear {node.disk()} 0"
    node.run(f"dmsetup reload {path} --table '{table}' && dmsetup suspend {path} && "
             f"dmsetup resume {path}")


def test(c):
    small = c[1].breakable()
    resize(c[1], small, 200)
    c.ready(c.resource(backing={"node2": small}, external=True))
    size = c.data_size()
    assert size == c[1].status()["device"]["size_bytes"], "the sizes differ"
    assert size == 200 << 20, size
    c[0].hadm("primary", "r0")
    c[0].fill(c[0].device(), 4, offset=196)
    c[0].hadm("secondary", "r0")

    c[1].hadm("down", "r0")
    resize(c[1], small, 150)
    c[1].refused("up", "r0", because=("small", "size", "shr"))
    c[1].hadm("down", "r0", check=False)
    resize(c[1], small, 200)
    c[1].hadm("up", "r0")
    c.wait_in_sync()
