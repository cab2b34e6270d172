"""Two processors, two data streams: both carry writes, and nothing is lost over a cut."""
# SPDX-License-Identifier: GPL-2.0-only
import re

PROCESSORS = 2
TIMEOUT = 400
CONTROL_AND_RESYNC = 2
USED = 1 << 20          # bytes sent on a data stream that was used


def sent(node):
    """Bytes sent on each connection of the pair, the least first."""
    out = node.run("ss -Htin state established '( sport = :7788 or dport = :7788 )'").out
    return sorted(int(n) for n in re.findall(r"bytes_sent:(\d+)", out))


def test(c):
    c.ready()
    assert len(sent(c[0])) == CONTROL_AND_RESYNC + 2, sent(c[0])
    c[0].hadm("primary", "r0")
    writer = c[0].writer(mib=16, workers=4, flush_every=8)
    c.wait(lambda: sum(n > USED for n in sent(c[0])) >= 2, 120, "both data streams used")
    c.cut()
    c.wait_lost()
    writer.wait_more(300)
    c.join()
    c.wait_connected()
    c.wait_in_sync()
    writer.wait_more(300)
    writer.stop()
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    writer.check(c[1])
    # One end wishes one, so there is one.
    c[1].hadm("secondary", "r0")
    c[1].configure(c.resource("r0", net={"data-streams": "1"}))
    c[1].hadm("adjust", "r0")
    c[1].hadm("disconnect", "r0")
    c[1].hadm("connect", "r0")
    c.wait_connected()
    c.wait(lambda: len(sent(c[0])) == CONTROL_AND_RESYNC + 1, 30, "one data stream")
