"""The harness itself: commands, cut, freeze, kill and complaints do what they say."""

import oracle
from cluster import VOLATILE, first_difference

COMPARE = "no resource is made"
ALLOW = ["BUG: said by the harness"]


def reached(c):
    return bool(c[0].run(["busybox", "ping", "-c", "1", "-W", "1", c[1].address],
                         check=False))


def cuts(c):
    c.wait(lambda: reached(c), 20, "the nodes reach each other")
    c.cut()
    assert not reached(c)
    assert c[1].run("cat /sys/class/net/eth0/carrier").out.strip() == "1"
    c.join()
    c.wait(lambda: reached(c), 20, "join heals the cut")
    c[1].machine.carrier(False)
    assert c[1].run("cat /sys/class/net/eth0/carrier").out.strip() == "0"
    c[1].machine.carrier(True)
    c.wait(lambda: reached(c), 20, "the cable is plugged in again")


def commands(c):
    assert c[0].run("exit 3", check=False).rc == 3
    assert c[0].run("cat", stdin="a\nb\n").out == "a\nb\n"
    assert c[0].run(["/no/such/command"], check=False).rc == 127
    late = c[0].run("sleep 60", check=False, timeout=1)
    assert late.timed_out and "nanosleep" in late.stuck, str(late)
    job = c[0].start("echo one; exec sleep 60")
    job.wait_line(1)
    assert job.running() and job.stop() != 0


def disks(c):
    """A killed machine's disk keeps what was written, and the comparison sees it."""
    c[1].fill(c[1].disk(), 1)
    job = c[1].start("while echo x; do :; done")
    job.wait_line(100)
    c.kill(1)
    assert len(job.lines) >= 100
    c[1].machine.boot()
    assert first_difference(c[0].image(), c[1].image(), 1 << 20) is not None
    assert first_difference(c[0].image(), c[0].image(), 1 << 20) is None


def volatile(c):
    """A power cut takes what was not flushed, and only that."""
    disk = c[1].disk(VOLATILE)
    assert c[1].run(f"cat /sys/block/{disk[5:]}/queue/write_cache").out.strip() == \
        "write back"
    c[1].fill(disk, 1)                                  # with fsync
    c[1].run(f"dd if=/dev/urandom of={disk} bs=64k count=16 seek=32 oflag=direct "
             "conv=nocreat status=none")
    c.kill(1)
    with open(c[1].image(VOLATILE), "rb") as file:
        flushed, rest = file.read(1 << 20), (file.seek(2 << 20), file.read(1 << 20))[1]
    empty = bytes(4096)
    pages = [rest[n:n + 4096] == empty for n in range(0, 1 << 20, 4096)]
    assert not any(flushed[n:n + 4096] == empty for n in range(0, 1 << 20, 4096))
    assert any(pages), "of what was not flushed nothing is lost"
    c[1].machine.boot()
    assert c[1].run(["dd", f"if={disk}", "bs=1M", "count=1", "status=none",
                     "iflag=direct"], check=False).rc == 0


def complaints(c):
    mark = oracle.ConsoleMark(c.machines)
    c[0].run("echo '<0>BUG: said by the harness' > /dev/kmsg")
    c.wait(lambda: mark.complaints(c[0].machine), 10, "the console shows the message")
    assert not mark.complaints(c[0].machine, ALLOW)
    assert not mark.complaints(c[1].machine)


def test(c):
    cuts(c)
    commands(c)
    c[1].machine.freeze()
    assert not reached(c)
    c[1].machine.thaw()
    c.wait(lambda: reached(c), 20, "a thawed machine answers")
    complaints(c)
    disks(c)
    volatile(c)
