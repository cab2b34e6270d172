#!/usr/bin/env python3
"""Measure ha beside what else replicates a disk, all in one run, interleaved.

Case by case over all candidates, in several rounds with the order turned; medians and
spread. Leaves table.txt, result.json and plots in build/bench/.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import datetime
import json
import os
import pathlib
import random
import shlex
import shutil
import signal
import subprocess
import sys
import time

import candidates               # first: it makes the scenarios' modules known
import cases
import goals
import kernels
import machine
import machines
import report
import resync

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLUGIN = ROOT / "build/bench/insn.so"
QUICK_SECONDS = 570             # of a short run, boot and all
PROBE_SECONDS = 2.0
OVERHEAD = 3.0                  # of one run beside its time; measured as it goes
RESYNC_SECONDS = 130            # of a short run, for resyncs and verify
SYNC, SYNC_QUICK = (1024, 10), (256, 3)     # MiB, seconds of load
LEAST, MOST = 1.0, 4.0          # seconds of one run of a short bench


def say(text):
    print(f"{time.monotonic() - START:6.1f} s  {text}", flush=True)


START = time.monotonic()


class Bench:
    """One run of everything: what is up, what was found, what time is left."""

    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.pair = machines.Pair(kernels.debian(options.kernel), options.smp,
                                  PLUGIN if options.instructions else None)
        self.up = []
        self.cases = cases.chosen(options.quick, options.cases)
        self.result = {"about": {}, "cases": [vars(c) for c in self.cases],
                       "candidates": [], "runs": [], "link": [], "resync": [],
                       "problems": [], "settings": {}}
        self.overhead = OVERHEAD
        self.late = ""

    # -- up

    def prepare(self):
        say(f"boot two machines with Linux {self.pair.release}")
        self.pair.boot()
        wanted = self.options.candidates.split(",") if self.options.candidates else \
            [kind.name for kind in candidates.ALL if kind.quick or not self.options.quick]
        for kind in candidates.ALL:
            if kind.name not in wanted:
                continue
            one = kind(self.pair)
            self.result["candidates"].append({"name": one.name, "title": one.title})
            try:
                one.up()
                self.result["settings"][one.name] = one.says()
                self.up.append(one)
                say(f"{one.name} is up: {one.device}")
            except Exception as error:      # it is reported, the others go on
                self.problem(one, error)
        self.result["about"] = about(self)

    def problem(self, one, error):
        reason = " ".join(str(error).split())[-400:]
        say(f"{one.name}: {reason}")
        self.result["problems"].append((one.name, reason))

    # -- rounds

    @property
    def reserve(self):
        """Seconds of a short run that the resyncs need."""
        return 0 if self.options.no_resync else RESYNC_SECONDS

    def over(self):
        return self.options.quick and self.left() < self.reserve

    def left(self):
        return self.options.budget - self.options.spent - (time.monotonic() - START)

    def seconds(self, rounds):
        """Of one run, so that these rounds end in time; 0 when they cannot."""
        if not self.options.quick:
            return self.options.seconds
        # a wide case's warm-up takes up to three times its time
        pairs = [case for case in self.cases for one in self.up if measured(one, case)]
        weight = sum(4 if case.wide else 1 for case in pairs)
        runs = len(pairs) * rounds
        free = self.left() - self.reserve - rounds * 2 * PROBE_SECONDS \
            - runs * self.overhead
        each = free / (weight * rounds)
        return 0 if each < LEAST else min(each, MOST)

    def rounds(self):
        number = 0
        while number < self.options.rounds and not self.late:
            seconds = self.seconds(self.options.rounds - number)
            while not seconds and number + 1 < self.options.rounds:
                self.options.rounds -= 1
                seconds = self.seconds(self.options.rounds - number)
            seconds = seconds or LEAST
            say(f"round {number + 1} of {self.options.rounds}, {seconds:.1f} s each")
            self.round(number, seconds)
            number += 1
        if self.late:
            self.result["problems"].append(("all", f"the time was over in {self.late}"))

    def round(self, number, seconds):
        self.result["link"].append({
            "round": number, "rtt": self.pair.probe("rtt", PROBE_SECONDS),
            "stream": self.pair.probe("stream", PROBE_SECONDS)})
        for place, case in enumerate(turned(self.cases, number)):
            seed = self.random.randrange(1 << 30)
            for one in turned([o for o in self.up if measured(o, case)], number + place):
                if self.over():
                    self.late = self.late or f"round {number + 1}, at {case.name}"
                    continue
                self.measure(number, case, one, seconds, seed)

    def measure(self, number, case, one, seconds, seed):
        began = time.monotonic()
        ramp = min(1.0, seconds / 4)
        try:
            found = cases.run(self.pair, case, one.device, seconds - ramp, ramp, seed)
        except (machine.CommandFailed, RuntimeError, ValueError) as error:
            self.up.remove(one)
            self.problem(one, f"{case.name}: {error}")
            return
        if case.wide:
            self.pair.punch(one.name)
        took = time.monotonic() - began - seconds * (4 if case.wide else 1)
        self.overhead = max(0.5, 0.8 * self.overhead + 0.2 * took)
        self.result["runs"].append({"round": number, "case": case.name,
                                    "candidate": one.name, **found})
        say(f"{case.name:18} {one.name:9} {found['iops']:8.0f}/s "
            f"{found['mb_s']:8.1f} MB/s {found['lat_mean']:8.0f} us")


    # -- the copies away and back

    def resyncs(self):
        for number in range(self.options.sync_rounds):
            for one in turned([o for o in self.up if o.replicated], number):
                self.resync(number, one)

    def resync(self, number, one):
        quick = self.options.quick
        if quick and self.left() < RESYNC_SECONDS / 5:
            self.problem(one, "resync: no time left")
            return
        try:
            found = resync.measure(one, *(SYNC_QUICK if quick else SYNC))
        except (machine.CommandFailed, resync.NotReached, ValueError, KeyError) as error:
            self.up.remove(one)     # in what state it is, nobody knows
            self.problem(one, f"resync: {error}")
            return
        self.result["resync"].append({"round": number, **found})
        say(f"resync {one.name:9} {number_of(found['alone'])} MB/s, with load "
            f"{number_of(found['loaded'])} MB/s, p99 x "
            f"{found['loaded']['p99_ratio']:.1f}, verify {number_of(found['verify'])}")


def number_of(found):
    return f"{found['mb_s']:.0f}" if found.get("mb_s") else found.get("reason", "-")


def measured(one, case):
    return not one.only or case.name in one.only


def turned(items, by):
    by %= len(items)
    return items[by:] + items[:by]


def about(bench):
    """What one must know to judge the figures or to make them again."""
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"],
                            capture_output=True, text=True, check=False).stdout.strip()
    qemu = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True,
                          text=True, check=True).stdout.split("\n")[0]
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = [line.split(":")[1].strip() for line in file if "model name" in line]
    return {"command": "scripts/bench " + shlex.join(drop_spent(sys.argv[1:])),
            "date": datetime.datetime.now().isoformat(timespec="minutes"),
            "version": commit or "unknown", "kernel": bench.pair.release,
            "machines": f"2 with {bench.pair.cpus} CPU each, "
                        + ("KVM" if machine.have_kvm() else "TCG"),
            "host": f"{os.cpu_count()} x {model[0] if model else 'unknown'}, load "
                    f"{os.getloadavg()[0]:.1f}",
            "qemu": qemu, "fio": bench.pair.here.run("fio --version").out.strip(),
            "seed": bench.options.seed}


def drop_spent(words):
    """Without what the script added."""
    return words[2:] if words[:1] == ["--spent"] else words


def leave(bench):
    """Write what was found; also what was found before it broke off."""
    bench.result["about"]["rounds"] = 1 + max((r["round"] for r in bench.result["runs"]),
                                              default=-1)
    bench.result["goals"] = goals.evaluate(bench.result)
    where = pathlib.Path(bench.options.out or ROOT / "build/bench" /
                         f"{bench.options.kernel}-smp{bench.options.smp}")
    where.mkdir(parents=True, exist_ok=True)
    (where / "result.json").write_text(json.dumps(bench.result, indent=1) + "\n")
    (where / "table.txt").write_text(report.text(bench.result))
    print(report.text(bench.result))
    subprocess.run(["/usr/bin/python3", HERE / "plots.py", where / "result.json", where],
                   check=True)
    print(f"in {where}")
    if bench.options.document:
        document(bench, where)


def document(bench, where):
    """Keep it with the sources, as the figures of this kernel."""
    target = ROOT / "Documentation/performance" / where.name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(where, target)
    print(f"and in {target}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", default="6.12", choices=("6.1", "6.12"))
    parser.add_argument("--quick", action="store_true",
                        help="the cases with goals, within ten minutes")
    parser.add_argument("--budget", type=float, default=QUICK_SECONDS,
                        help="seconds of a short run")
    parser.add_argument("--spent", type=float, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=10, help="of one run")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--smp", type=int, default=1, help="CPUs of each machine")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20))
    parser.add_argument("--cases", default="", help="names with commas between them")
    parser.add_argument("--candidates", default="", help="likewise")
    parser.add_argument("--instructions", action="store_true",
                        help="count the machines' instructions; slows them all")
    parser.add_argument("--no-resync", action="store_true")
    parser.add_argument("--document", action="store_true",
                        help="keep the result in Documentation/performance")
    parser.add_argument("--out", help="directory for the result")
    options = parser.parse_args()
    options.sync_rounds = 1 if options.quick else 3
    options.rounds = options.rounds or (3 if options.quick else 5)
    return options


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    bench = Bench(parse())
    try:
        bench.prepare()
        bench.rounds()
        if not bench.options.no_resync:
            bench.resyncs()
    finally:
        bench.pair.close()
        if bench.result["runs"]:
            leave(bench)
    return 0


if __name__ == "__main__":
    sys.exit(main())
