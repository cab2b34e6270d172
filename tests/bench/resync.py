"""Rates of resync and verify, and what a resync does to the latencies of writes.

Bytes are counted where they arrive, at the second machine's disk, by its QEMU: no
program in the machines asks how far it is while it is measured.
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import time

import machines                 # first: it makes the scenarios' modules known
import settings
from cluster import NotReached, wait
from machine import CommandFailed

OFFSET = 1024                   # MiB: what is written while the peer is away lies here
PERIOD = 0.05                   # seconds between two looks at the disk
PATIENCE = 120                  # seconds without an end
LOAD = "4k randwrite, depth 1"
MIB = settings.MIB


def bytes_of(pair, name, key):
    """Bytes that the second machine's QEMU has read from or written to its disk."""
    wanted = f"disk{settings.DISKS.index(name)}"
    for entry in pair.there.qmp("query-blockstats"):
        if entry["device"] == wanted:
            return entry["stats"][key]
    raise KeyError(wanted)


def watch(pair, name, key, size, until=None):
    """[(time, bytes since now)] until that much has moved, or until() says so."""
    base, track = bytes_of(pair, name, key), []
    began = time.monotonic()
    while True:
        moved = bytes_of(pair, name, key) - base
        track.append((time.monotonic(), moved))
        if moved >= size and (until is None or until()):
            return track
        if time.monotonic() - began > PATIENCE:
            raise NotReached(f"{moved} of {size} bytes after {PATIENCE} s")
        time.sleep(PERIOD)


def rate(track, size):
    """MB/s of the middle, from a tenth to nine tenths of the size."""
    first = next(point for point in track if point[1] >= size * 0.1)
    last = next(point for point in track if point[1] >= size * 0.9)
    if last[0] <= first[0]:
        return None
    return (last[1] - first[1]) / (last[0] - first[0]) / 1e6


def dirty(one, mib):
    """The peer away, and this much written meanwhile."""
    one.degrade()
    one.here.run(["fio", "--name=dirty", f"--filename={one.device}", "--direct=1",
                  "--ioengine=libaio", "--rw=write", "--bs=1M", "--iodepth=4",
                  f"--offset={OFFSET}m", f"--size={mib}m", "--refill_buffers=1",
                  "--output-format=terse"], timeout=PATIENCE)


def settle(one):
    wait(one.in_sync, PATIENCE, f"{one.name} in sync")


def load(device, seconds):
    return (f"exec fio --name=load --filename={device} --direct=1 --ioengine=libaio "
            f"--rw=randwrite --bs=4k --iodepth=1 --size={settings.NARROW}m "
            f"--norandommap --time_based --runtime={seconds:.1f}s --ramp_time=1s "
            "--percentile_list=50:95:99:99.9 --output-format=json")


def latencies(text):
    """Of fio's JSON: operations and percentiles in us."""
    side = json.loads(text[text.index("{"):])["jobs"][0]["write"]
    found = {f"lat_p{float(key):g}": value / 1e3
             for key, value in side["clat_ns"]["percentile"].items()}
    return {"iops": side["iops"], "lat_mean": side["lat_ns"]["mean"] / 1e3, **found}


def alone(one, mib):
    """A resync with nothing else going on; MB/s."""
    dirty(one, mib)
    one.rejoin()
    track = watch(one.pair, one.name, "wr_bytes", mib * MIB)
    settle(one)
    return {"mb_s": rate(track, mib * MIB)}


def loaded(one, mib, seconds):
    """The load's latencies without and with a resync; the resync's rate with it."""
    text = one.here.run(load(one.device, seconds), timeout=seconds + 60).out
    idle = latencies(text)
    dirty(one, mib)
    job = one.here.start(load(one.device, seconds))
    one.rejoin()
    ended = []

    def over():
        if not ended and not job.running():
            ended.append(time.monotonic())
        return bool(ended)
    track = watch(one.pair, one.name, "wr_bytes", mib * MIB, over)
    settle(one)
    with_it = latencies("\n".join(job.lines))
    done = next(when for when, moved in track if moved >= mib * MIB)
    share = (done - (ended[0] - seconds)) / seconds
    return {"idle": idle, "during": with_it, "mb_s": rate(track, mib * MIB),
            "covered": max(0.0, min(1.0, share)),
            "p99_ratio": with_it["lat_p99"] / idle["lat_p99"]}


def verify(one, mib):
    """An online comparison of the first data; MB/s, or why not."""
    one.there.run("echo 3 > /proc/sys/vm/drop_caches")
    try:
        if not one.verify(mib):
            return {"reason": "not there"}
        track = watch(one.pair, one.name, "rd_bytes", int(mib * MIB * 0.99))
        one.verified()
    except (CommandFailed, NotReached) as error:
        return {"reason": " ".join(str(error).split())[-300:]}
    return {"mb_s": rate(track, mib * MIB * 0.99)}


def measure(one, mib, seconds):
    """All three for one candidate; its wide part is a hole again afterwards."""
    found = {"candidate": one.name, "mib": mib, "alone": alone(one, mib)}
    one.pair.punch(one.name)
    found["loaded"] = loaded(one, mib, seconds)
    one.pair.punch(one.name)
    found["verify"] = verify(one, settings.NARROW // 2)
    return found


__all__ = ["LOAD", "machines", "measure"]
