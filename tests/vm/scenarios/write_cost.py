"""What one write of 4 KiB costs: threads woken, calls to send, pages allocated.

The numbers are pinned; a change that makes one larger has to say why. Counted by the
kernels' own trace events, one write after the other, in regions whose intents are set.
"""
# SPDX-License-Identifier: GPL-2.0-only
import collections

WRITES = 1000
SLACK = 0.1         # pings, maintenance, the program's own start

TRACING = "/sys/kernel/tracing"
BEGIN = f"""
mountpoint -q {TRACING} || mount -t tracefs trace {TRACING}
cd {TRACING}
echo 'p:ha_sends ha_tcp_send' > kprobe_events
echo 'comm ~ "ha_rx*"' > events/sched/sched_wakeup/filter
echo 30000 > buffer_size_kb
echo > trace
for e in kprobes/ha_sends sched/sched_wakeup workqueue/workqueue_queue_work \
         kmem/mm_page_alloc; do
	echo 1 > events/$e/enable
done
echo 1 > tracing_on
"""
END = f"""
cd {TRACING}
echo 0 > tracing_on
for e in kprobes/ha_sends sched/sched_wakeup workqueue/workqueue_queue_work \
         kmem/mm_page_alloc; do
	echo 0 > events/$e/enable
done
sed -nE -e 's/.* ha_sends: .*/sends/p' \
	-e 's/.* sched_wakeup: comm=ha_rx.*/receivers/p' \
	-e 's/.* workqueue_queue_work: .*workqueue=ha_([a-z]+).*/\\1 works/p' \
	-e 's/^ *(dd|ha_rx)[^ ]*-[0-9]+ .* mm_page_alloc: .*/pages/p' trace |
	sort | uniq -c
echo 0 > events/sched/sched_wakeup/filter
echo > kprobe_events
"""

# At most, of each write: on the Primary, on the Secondary.
LIMITS = {
    "receivers": (0, 1),        # threads that wait for bytes
    "send works": (0, 1),
    "meta works": (0, 0),
    "done works": (0, 0),
    "sends": (1, 1),
    "pages": (0.2, 0),          # the network's own; payloads use theirs again
}
# The same on a Primary without its peer.
ALONE = {"receivers": 0, "send works": 0, "meta works": 0, "done works": 0, "sends": 0,
         "pages": 0}
NEEDED = {"receivers": 1, "send works": 1, "sends": 1}     # on the Secondary


def measure(c):
    """How often each, for one write: of the Primary, of the Secondary."""
    for node in c:
        node.run(BEGIN)
    c[0].run(f"dd if=/dev/zero of={c[0].device()} bs=4k count={WRITES} oflag=direct "
             "status=none", timeout=120)
    found = []
    for node in c:
        lines = node.run(END, timeout=120).out.splitlines()
        counts = collections.Counter({what.strip(): int(count) for count, what in
                                      (line.split(None, 1) for line in lines)})
        found.append({what: counts[what] / WRITES for what in LIMITS})
    return found


def alone(c):
    c[1].hadm("down", "r0")
    c.wait_lost(0)
    fill(c)                     # the mint
    primary, _ = measure(c)
    print(f"of a write without the peer: {primary}")
    for what, limit in ALONE.items():
        assert primary[what] <= limit + SLACK, f"alone: {primary[what]} {what}"
    c[1].hadm("up", "r0")
    c.wait_in_sync()


def fill(c):
    c[0].run(f"dd if=/dev/zero of={c[0].device()} bs=1M count=4 oflag=direct status=none")


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    fill(c)
    primary, secondary = measure(c)
    print(f"of a write: Primary {primary}, Secondary {secondary}")
    for what, (here, there) in LIMITS.items():
        assert primary[what] <= here + SLACK, f"Primary: {primary[what]} {what}"
        assert secondary[what] <= there + SLACK, f"Secondary: {secondary[what]} {what}"
    for what, least in NEEDED.items():
        assert secondary[what] >= least - SLACK, \
            f"Secondary: only {secondary[what]} {what}: nothing was counted"
    assert primary["sends"] >= 1 - SLACK, "Primary: its sends were not counted"
    alone(c)
    c[0].hadm("secondary", "r0")
