#!/usr/bin/env python3
"""Explore the module's rules on two simulated nodes, then break them one by one.

usage: tests/explore/run.py [--depth quick|deep] [--only configs|mutants] [-k WORD] [--ladder]

Each configuration must be clean; each mutant with a configuration in the table must
be caught by it.  --ladder tries the mutants that have none on a ladder of ever
larger configurations and says which catches it.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

from configs import LADDER, QUICK, DEEP
from mutants import EXTRA, MUTANTS, WORLD

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = HERE.parents[1] / "kernel"
BUILD = HERE.parents[1] / "build" / "explore"
STEPS = ("handshake.c", "maintenance.c")


def make(*variables):
    subprocess.run(["make", "--no-print-directory", "-s", "-C", str(HERE), *variables],
                   check=True)


def build_mutant(number, mutant):
    """A program with one file changed; None when the text is not there once."""
    name, file, old, new, _ = mutant
    text = (KERNEL / file).read_text()
    if text.count(old) != 1:
        return None
    text = text.replace(old, new)
    if name in EXTRA:
        if text.count(EXTRA[name][0]) != 1:
            return None
        text = text.replace(*EXTRA[name])
    folder = BUILD / f"mutant{number}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_text(text)
    stem = file[:-2]
    target = f"steps_{stem}.o" if file in STEPS else f"kernel_{stem}.o"
    objects = [str(o) for o in BUILD.glob("*.o") if o.name != target]
    make(f"MUTANT={folder}", f"SOURCE={folder}", f"OBJECTS={' '.join(objects)}",
         f"{folder}/{target}")
    subprocess.run(["gcc", "-o", str(folder / "explore"), str(folder / target), *objects],
                   check=True)
    return folder / "explore"


def explore(program, settings):
    """(status, output): 0 clean, 1 broken, 4 limit."""
    done = subprocess.run([str(program), *settings.split()], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.rstrip()


def events_of(output):
    return output.split(" events:")[0].split()[-1] if " events:" in output else "?"


def summary(output):
    """The line that says how much was tried."""
    lines = [line for line in output.splitlines()
             if line.startswith(("clean: ", "BROKEN: ", "limit: "))]
    return lines[0] if lines else output[-200:] or "no output"


def run_config(settings):
    status, output = explore(BUILD / "explore", settings)
    limit = " (up to the limit)" if status == 4 else ""
    print(f"{settings}{limit}\n  " + output.replace("\n", "\n  "), flush=True)
    return status == 0 or (status == 4 and "max=" in settings)


def run_mutant(number, ladder):
    name, file, _, _, config = MUTANTS[number]
    program = build_mutant(number, MUTANTS[number])
    if not program:
        print(f"mutant {name}: its text is not in {file} exactly once", flush=True)
        return False
    tried = [config] if config and not ladder else LADDER
    for settings in tried:
        status, output = explore(program, settings)
        last = summary(output)
        if status == 1:
            rule = output.split(" events: ")[1].splitlines()[0]
            print(f"mutant {name}: caught in {events_of(output)} events by "
                  f"{settings} ({last.split(': ', 1)[1]}): {rule}", flush=True)
            return True
        if status not in (0, 4):
            print(f"mutant {name}: {settings}: status {status}: {last}", flush=True)
            return False
    print(f"mutant {name}: NOT caught ({tried[-1]}: {last})", flush=True)
    return False


def run_world(name, settings):
    """A fault of the world around the module, by a switch."""
    status, output = explore(BUILD / "explore", settings)
    print(f"world mutant {name}: " + (f"caught in {events_of(output)} events" if status == 1
                                      else f"NOT caught (status {status})"), flush=True)
    return status == 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--depth", choices=("quick", "deep"), default="quick")
    parser.add_argument("--only", choices=("configs", "mutants"))
    parser.add_argument("-k", default="")
    parser.add_argument("--ladder", action="store_true")
    args = parser.parse_args()
    make()
    jobs = []
    if args.only != "mutants":
        chosen = QUICK if args.depth == "quick" else QUICK + DEEP
        jobs += [(run_config, c) for c in chosen if args.k in c]
    if args.only != "configs":
        jobs += [(run_world, *fault) for fault in WORLD if args.k in fault[0]]
        for i, mutant in enumerate(MUTANTS):
            if args.k in mutant[0] and args.ladder == (not mutant[4]):
                jobs.append((run_mutant, i, args.ladder))
    workers = min(2, os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda job: job[0](*job[1:]), jobs))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
