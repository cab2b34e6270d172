"""16 TiB and 100 TiB: up, writes here and there, a resync, down; memory as documented."""

import time

TIB, MIB = 1 << 40, 1 << 20
HEAD, TAIL = 20, 340            # MiB of real disk: start and middle; end, with metadata
SLACK = 48                      # MiB of memory for all that does not go with the size
COMPARE = "the pieces that are real are compared here"
TIMEOUT = 900


def thin(node, size):
    """Zeroes that forget what is written to them, but for three pieces of disk."""
    pieces = [(0, HEAD), (size // 2, HEAD), (size - TAIL * MIB, TAIL)]
    table, at, used = [], 0, 0
    for start, mib in pieces:
        if start > at:
            table.append(f"{at >> 9} {(start - at) >> 9} zero")
        table.append(f"{start >> 9} {mib << 11} linear {node.disk(0)} {used << 11}")
        at, used = start + mib * MIB, used + mib
    node.run(["dmsetup", "create", f"huge-{node.name}"], stdin="\n".join(table) + "\n")
    return f"/dev/mapper/huge-{node.name}"


def places(size):
    return 0, size // 2, size - TAIL * MIB


def available(c):
    """MiB that are free, caches dropped."""
    c[0].run("sync; echo 3 > /proc/sys/vm/drop_caches")
    return int(c[0].run(["grep", "MemAvailable", "/proc/meminfo"]).out.split()[1]) >> 10


def documented(size):
    """MiB that one end holds in memory, by Documentation/metadata.rst."""
    bit, region = 4096, 4 * MIB
    while size > bit << 28:
        bit *= 2
    while size > region << 20:
        region *= 2
    return (2 * (size // bit) // 8 + 17 * (size // region)) // MIB


def write(c, size):
    for offset in places(size):
        c[0].run(["dd", "if=/dev/urandom", f"of={c[0].device()}", "bs=64k", "count=16",
                  f"seek={offset >> 16}", "oflag=direct", "conv=fsync,notrunc,nocreat",
                  "status=none"], timeout=120)


def sums(node, size):
    return [node.run(f"dd if=/dev/mapper/huge-{node.name} bs=64k count=16 "
                     f"skip={offset >> 16} iflag=direct status=none | sha256sum").out
            for offset in places(size)]


def life(c, size):
    before, started = available(c), time.monotonic()
    c.resources = {}
    c.ready(c.resource(backing={node.name: thin(node, size) for node in c}))
    used = before - available(c)
    c[0].hadm("primary", "r0")
    write(c, size)
    c.cut()
    c.wait_lost()
    write(c, size)
    c.join()
    c.wait_connected()
    c.wait_in_sync(timeout=300)
    found = [sums(node, size) for node in c]
    assert found[0] == found[1] and len(set(found[0])) == 3, found
    c[0].hadm("secondary", "r0")
    for node in c:
        node.hadm("down", "r0", timeout=60)
        node.run(["dmsetup", "remove", "--retry", f"huge-{node.name}"])
        node.run(["blkdiscard", "-f", "-z", node.disk(0)])
    limit = 2 * documented(size) + SLACK
    print(f"     {size // TIB} TiB: {used} MiB of memory for two ends, documented "
          f"{2 * documented(size)}; {time.monotonic() - started:.0f} s", flush=True)
    assert used <= limit, f"{size // TIB} TiB: {used} MiB of memory, not {limit}"


def test(c):
    c.load()
    for size in (16 * TIB, 100 * TIB):
        life(c, size)
