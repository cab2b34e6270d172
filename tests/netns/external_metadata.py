"""Metadata on another device: the whole disk is data, to its last block."""


def test(c):
    c.ready(c.resource(external=True))
    size = int(c[0].run(["blockdev", "--getsize64", c[0].disk()]).out)
    assert c.data_size() == size, f"{c.data_size()} of {size} bytes are data"
    c[0].hadm("primary", "r0")
    c[0].fill(c[0].device(), 4, offset=size // 2**20 - 4)
    c[0].hadm("secondary", "r0")
    c.assert_equal()
    for node in c:
        node.hadm("down", "r0")
    c.up()
    c.wait_in_sync()
