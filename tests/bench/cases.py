"""The workloads, what fio is told for each, and what is kept of what it says."""
# SPDX-License-Identifier: GPL-2.0-only
import dataclasses
import json

import counters
import settings

PROBE = f"/ha/build/bench/probe cpu 10.77.0.2 {settings.PROBE_PORT}"
SLACK = 180             # seconds that fio may take beyond its time


@dataclasses.dataclass
class Case:
    """One workload; a case that touches the wide span is warmed up before."""

    name: str
    title: str
    rw: str
    depth: int
    block: int = 4              # KiB
    span: int = settings.NARROW
    extra: tuple = ()
    quick: bool = True          # part of the short run

    @property
    def wide(self):
        return self.span == settings.WIDE


ALL = [
    Case("randwrite-1", "4k randwrite, depth 1", "randwrite", 1),
    Case("randwrite-32", "4k randwrite, depth 32", "randwrite", 32),
    Case("randwrite-32-wide", "4k randwrite, depth 32, 20 GiB", "randwrite", 32,
         span=settings.WIDE),
    Case("write-1m-4", "1M write, depth 4", "write", 4, block=1024),
    Case("randread-32", "4k randread, depth 32", "randread", 32),
    Case("fsync", "4k randwrite + fsync each", "randwrite", 1, extra=("--fsync=1",)),
    Case("randwrite-128", "4k randwrite, depth 128", "randwrite", 128, quick=False),
    Case("randwrite-1-wide", "4k randwrite, depth 1, 20 GiB", "randwrite", 1,
         span=settings.WIDE, quick=False),
    Case("randread-1", "4k randread, depth 1", "randread", 1, quick=False),
    Case("randread-128", "4k randread, depth 128", "randread", 128, quick=False),
    Case("mixed-32", "4k 70 % read, 30 % write, depth 32", "randrw", 32,
         extra=("--rwmixread=70",), quick=False),
]


def chosen(quick, only=""):
    names = only.split(",") if only else [c.name for c in ALL if c.quick or not quick]
    unknown = set(names) - {c.name for c in ALL}
    if unknown:
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}")
    return [c for c in ALL if c.name in names]


def command(case, device, seconds, ramp, seed):
    """fio's command line; both CPUs are read before the ramp and at the end."""
    return ["fio", f"--name={case.name}", f"--filename={device}", "--direct=1",
            "--ioengine=libaio", f"--rw={case.rw}", f"--bs={case.block}k",
            f"--iodepth={case.depth}", f"--size={case.span}m", "--norandommap",
            f"--randseed={seed}", "--time_based", f"--runtime={seconds:.1f}s",
            f"--ramp_time={ramp:.1f}s", "--percentile_list=50:95:99:99.9",
            "--output-format=json", f"--exec_prerun={PROBE}",
            f"--exec_postrun={PROBE}", *case.extra]


def warm_up(device, seconds):
    """Each 4 MiB of the wide span once, as far as the time goes.

    What a candidate has to note on disk before the first write to a place, it has
    then noted; the cases are about what comes after.
    """
    return ["fio", "--name=warm-up", f"--filename={device}", "--direct=1",
            "--ioengine=libaio", "--rw=write:4092k", "--bs=4k", "--iodepth=32",
            f"--size={settings.WIDE}m", f"--runtime={seconds:.1f}s",
            "--output-format=terse"]


def run(pair, case, device, seconds, ramp, seed):
    """One run; its figures."""
    pair.here.run("rm -f /tmp/*.prerun.txt /tmp/*.postrun.txt")
    if case.wide:
        pair.here.run(warm_up(device, 3 * seconds), timeout=3 * seconds + SLACK)
    words = command(case, device, seconds, ramp, seed)
    with counters.Counters(pair.machines) as used:
        text = pair.here.run(["sh", "-c", 'cd /tmp && exec "$@"', "fio", *words],
                             timeout=seconds + ramp + SLACK).out
    busy = pair.here.run(f"cat /tmp/{case.name}.prerun.txt /tmp/{case.name}.postrun.txt")
    before, after = map(json.loads, busy.out.splitlines())
    found = figures(json.loads(text[text.index("{"):])["jobs"][0])
    found.update(guest_cpu(before, after, found["iops"]))
    end = after["clock"][0] / 1e9 + pair.offset
    found.update(host_cpu(used.per_second(end - seconds * 0.95, end - seconds * 0.2),
                          found["iops"]))
    return found


def guest_cpu(before, after, iops):
    """CPU time per operation in us, as the machines account for it themselves."""
    found = {}
    for number, name in enumerate(("cpu_here", "cpu_there")):
        share = (after["busy"][number] - before["busy"][number]) / \
            (after["clock"][number] - before["clock"][number])
        found[name] = share * 1e6 / iops
    return found


def host_cpu(rates, iops):
    """The same as QEMU's CPU time, and thousands of instructions per operation."""
    if not rates:
        return {}
    found = {"qemu_here": rates[0] * 1e6 / iops, "qemu_there": rates[2] * 1e6 / iops}
    if rates[1]:
        found.update(insn_here=rates[1] / 1e3 / iops, insn_there=rates[3] / 1e3 / iops)
    return found


def figures(job):
    """Of a job in fio's JSON: operations, MB/s, latencies in us."""
    if job["error"]:
        raise RuntimeError(f"fio: error {job['error']}")
    sides = [job[way] for way in ("read", "write") if job[way]["total_ios"]]
    if not sides:
        raise RuntimeError("fio did nothing")
    # of a mixture the latencies are those of the writes
    latency = sides[-1]["clat_ns"]
    found = {"iops": sum(side["iops"] for side in sides),
             "mb_s": sum(side["bw_bytes"] for side in sides) / 1e6,
             "lat_mean": sides[-1]["lat_ns"]["mean"] / 1e3}
    for key, value in latency.get("percentile", {}).items():
        found[f"lat_p{float(key):g}"] = value / 1e3
    return found
