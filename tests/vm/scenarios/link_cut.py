"""The link is cut under load: the Primary goes on, only what changed is resynced."""

SPAN_MIB = 16


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=SPAN_MIB)
    writer.wait_more(200)
    c.cut()
    c.wait_lost()
    writer.wait_more(300)
    dirty = c[0].peer()["out_of_sync_bytes"]
    assert 0 < dirty <= (SPAN_MIB + 8) << 20, f"{dirty} bytes are out of sync"
    assert c[1].peer()["role"] in ("Unknown", "Primary")

    before = c[1].writes()
    writer.stop()
    c.join()
    c.wait_connected()
    c.wait_in_sync()
    moved = c[1].writes() - before
    assert 0 < moved < (SPAN_MIB + 24) << 20, f"{moved} bytes were written to resync"
    writer.check(c[0])
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])
