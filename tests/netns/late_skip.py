"""skip-initial-sync whose answer is lost, and is carried out only after a reconnect.

The peer's disk is slow; the link is lost meanwhile and comes back. The next connection
began when both were newly created; what the disk became then must be noticed.
"""


def test(c):
    c.load()
    text = c.resource(external=True, backing={c[1].name: c[1].breakable()})
    c.configure(text)
    c.create()
    c.up()
    c.wait_connected()
    held = f"{c[1].name}-0"
    c[1].run(["dmsetup", "suspend", "--noflush", "--nolockfs", held])
    command = c[0].start(f"hadm -c {c[0].config} skip-initial-sync r0")
    c.wait(lambda: c[1].run("cat /proc/[0-9]*/stack 2>/dev/null | grep skip_work",
                            check=False), 30, "the peer is at it")
    c.cut()
    c.wait_lost()
    command.wait(60)
    c.join()
    c.wait_connected()
    c[1].run(["dmsetup", "resume", held])
    c.wait_in_sync()
