"""Commands on a running pair: pause, resume, invalidate, suspend, events, waits."""

import json


def events(c):
    job = c[0].start(["hadm", "-c", c[0].config, "events", "--json"])
    job.wait_line(1)
    assert isinstance(json.loads(job.lines[0]), (dict, list))
    c[0].hadm("primary", "r0")
    c.wait(lambda: job.running() and any('"Primary"' in line for line in job.lines), 10,
           "the promotion is an event")
    assert c[0].status()["role"] == "Primary"
    job.stop()


def pause(c):
    c[1].hadm("invalidate", "r0")
    c.wait(lambda: c[1].disk_state() == "Inconsistent", 20, "a resync after invalidate")
    c[1].hadm("pause-sync", "r0")
    c.wait(lambda: c[0].peer()["replication"].startswith("Paused"), 20, "paused")
    left = c[0].peer()["out_of_sync_bytes"]
    c[0].fill(c[0].device(), 4)         # application writes go on meanwhile
    assert c[0].peer()["replication"].startswith("Paused")
    assert left > 0 and c[1].disk_state() == "Inconsistent"
    c[1].hadm("resume-sync", "r0")
    c[0].hadm("wait-sync", "r0", timeout=120)
    c.wait_in_sync()


def suspend(c):
    c[0].hadm("suspend-io", "r0")
    writer = c[0].start(f"dd if=/dev/urandom of={c[0].device()} bs=4k count=1 "
                        "oflag=direct conv=nocreat status=none")
    assert "user" in json.dumps(c[0].status()["suspended"]).lower()
    assert writer.running(), "a write ended while I/O is suspended"
    c[0].hadm("resume-io", "r0")
    assert writer.wait(20) == 0


def test(c):
    c.ready(c.resource(disk={"resync-rate": "16M"}))
    events(c)
    c[0].fill(c[0].device(), 32)
    pause(c)
    suspend(c)
    c[0].hadm("invalidate-remote", "r0")
    c.wait(lambda: c[1].disk_state() == "Inconsistent", 20, "the peer is invalidated")
    c.wait_in_sync()
    c[0].hadm("secondary", "r0")
