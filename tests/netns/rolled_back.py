"""An older copy of a disk is put back, from one or two sessions ago: it is no equal."""

SMALL, SPARE = 2, 1             # of a node's disks: the replica, and its copy


def again(c, meanwhile=None):
    """node2 leaves and comes back; a new session."""
    c[1].hadm("down", "r0")
    if meanwhile:
        meanwhile()
    c[1].hadm("up", "r0")
    c.wait_in_sync()


def copy(c, source, target):
    c[1].run(["dd", f"if={c[1].disk(source)}", f"of={c[1].disk(target)}", "bs=1M",
              "iflag=direct", "oflag=direct", "conv=notrunc", "status=none",
              f"count={c[1].machine.disks[c[1].disks[SMALL]]}"], timeout=120)


def load(c, seed):
    writer = c[0].writer(SMALL, seed=seed, mib=8)
    writer.wait_more(50)
    writer.stop()
    return writer


def roll_back(c, sessions):
    again(c, lambda: copy(c, SMALL, SPARE))
    for _ in range(sessions - 1):
        load(c, seed=1)
        again(c)
    writer = load(c, seed=2)
    again(c, lambda: copy(c, SPARE, SMALL))
    assert "older copy" in c[1].run("dmesg | grep connected: | tail -n 2").out
    c.assert_equal()
    writer.check(c[0], SMALL)


def without_disk(c):
    """Sessions in which a node had no disk: its disk has forgotten nothing."""
    for _ in range(3):
        c[1].hadm("detach", "r0")
        c[1].hadm("disconnect", "r0")
        c[1].hadm("connect", "r0")
        c.wait_connected()
    c[1].hadm("attach", "r0")
    c.wait_in_sync()
    said = c[1].run("dmesg | grep connected: | tail -n 2").out
    assert "older copy" not in said, said


def test(c):
    c.ready(c.resource("r0", SMALL))
    without_disk(c)
    c[0].hadm("primary", "r0")
    for sessions in (1, 2):
        roll_back(c, sessions)
    c[0].hadm("secondary", "r0")
