"""The harness in one machine: namespaces, cut, breaking disks, and checkers that fail."""

import oracle
from cluster import wait
from node import LOAD

COMPARE = "no resource is made"


def reached(c):
    return bool(c[0].run(["busybox", "ping", "-c", "1", "-W", "1", c[1].address],
                         check=False))


def link(c):
    wait(lambda: reached(c), 10, "the namespaces reach each other")
    c.cut()
    assert not reached(c)
    c.join()
    wait(lambda: reached(c), 10, "join heals the cut")


def writer(c):
    """The checker finds what was acknowledged, and what was lost afterwards."""
    node = c[0]
    node.device = node.disk     # a plain disk in the place of a device
    load = node.writer(mib=4, flush_every=8)
    load.wait_more(100)
    load.stop()
    load.check(node)
    # a worker that had nothing acknowledged: the blocks of the others are theirs still
    load.job.lines = [line for line in load.job.lines if not line.startswith("3 ")]
    load.check(node)
    node.fill(node.disk(), 2, pattern="/dev/zero")
    try:
        load.check(node)
    except AssertionError as error:
        assert "wrong" in str(error), error
    else:
        raise AssertionError("the checker does not see lost writes")


def disk(c):
    path = c[1].breakable()
    write = f"dd if=/dev/zero of={path} bs=4k count=1 oflag=direct conv=nocreat status=none"
    c[1].run(write)
    c[1].break_disk()
    assert not c[1].run(write, check=False), "a broken disk takes writes"
    c[1].heal_disk()
    c[1].run(write)


def journal(c):
    c[0].run(["mkfs.ext4", "-q", "-F", c[0].disk(1)])
    c[0].run(["mount", c[0].disk(1), "/mnt"])
    job = c[0].start(f"exec {LOAD} journal /mnt/journal")
    job.wait_line(20)
    assert job.stop() == 0
    count = job.lines[-1]
    c[0].run(f"{LOAD} journal-check /mnt/journal {count}")
    assert not c[0].run(f"{LOAD} journal-check /mnt/journal {int(count) + 1}",
                        check=False), "a missing record is not missed"
    c[0].run("umount /mnt")


def complaints_of_a_boot():
    """Those before /init are not counted, but where /init never came."""
    boot, init = "[0] Linux version 6", "Run /init as init process"
    for lines, left in ((["a", boot, "b", init, "c"], ["a", "c"]), (["a"], ["a"]),
                        ([boot, "b"], [boot, "b"]),
                        ([boot, "b", boot, "c", init], [boot, "b"])):
        assert list(oracle.after_boots(lines)) == left, lines


def test(c):
    complaints_of_a_boot()
    link(c)
    writer(c)
    disk(c)
    journal(c)
