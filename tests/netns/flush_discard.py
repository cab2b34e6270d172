"""Flush, FUA, discard and write-zeroes reach the peer's disk as what they are."""

MIB = 1 << 20


def flushes(node):
    path = f"/sys/block/{node.disk().removeprefix('/dev/')}/stat"
    return int(node.run(["cat", path]).out.split()[15])


def zeroes(node, offset, length):
    with open(node.image(), "rb") as file:
        file.seek(offset)
        return not any(file.read(length))


def last_copy(c):
    """Zeroes of a Primary without a disk: they are stable on the only disk left."""
    c[0].hadm("detach", "r0")
    for piece in range(4):      # what flushes in the background is not that often
        before = flushes(c[1])
        c[0].run(f"blkdiscard -f -z -o {(4 + piece) * MIB} -l {MIB} {c[0].device()}")
        assert flushes(c[1]) > before, "zeroes are not stable on the peer's disk"
    c[0].hadm("attach", "r0")
    c.wait_in_sync()


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    device = c[0].device()
    queue = f"/sys/block/{device.removeprefix('/dev/')}/queue"
    assert c[0].run(f"cat {queue}/write_cache").out.strip() == "write back"

    c[0].fill(device, 8)
    before = [flushes(node) for node in c]
    c[0].run(["sync", device])
    c[0].run(f"dd if=/dev/urandom of={device} bs=4k count=1 oflag=direct conv=fsync "
             "status=none")
    for node, was in zip(c, before):
        c.wait(lambda: flushes(node) > was, 10, f"a flush on {node.name}'s disk")

    # O_DSYNC on a device with FUA travels as FUA: durable on both when it returns
    before = [flushes(node) for node in c]
    c[0].run(f"dd if=/dev/urandom of={device} bs=4k count=4 seek=16 "
             "oflag=direct,dsync status=none")
    for node, was in zip(c, before):
        c.wait(lambda: flushes(node) > was, 10, f"FUA is stable on {node.name}'s disk")

    assert not zeroes(c[1], 0, MIB)
    c[0].run(f"blkdiscard -f -o 0 -l {MIB} {device}")
    c[0].run(f"blkdiscard -f -z -o {2 * MIB} -l {MIB} {device}")
    for node in c:
        assert zeroes(node, 0, MIB), f"discard left data on {node.name}"
        assert zeroes(node, 2 * MIB, MIB), f"write-zeroes left data on {node.name}"
        assert not zeroes(node, MIB, MIB), f"too much was discarded on {node.name}"
    last_copy(c)
    c[0].hadm("secondary", "r0")
