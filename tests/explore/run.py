#!/usr/bin/env python3
"""Explore the module's rules on two simulated nodes, then break them one by one.

usage: tests/explore/run.py [--depth quick|deep] [--only configs|mutants] [-k WORD] [--ladder]

Each configuration must be clean; each mutant, and each pair of mutants, with a
configuration in the table must be caught by it.  A mutant without one must say in
the table REDUNDANT why.  --ladder tries those on a ladder of ever larger
configurations and says which catches it.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import concurrent.futures
import os
import pathlib
import subprocess
import sys

from configs import LADDER, QUICK, DEEP
from mutants import DEEP_MUTANTS, EXTRA, MUTANTS, OPEN, PAIRS, REDUNDANT, WORLD

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = HERE.parents[1] / "kernel"
BUILD = HERE.parents[1] / "build" / "explore"
STEPS = ("handshake.c", "maintenance.c")


def make(*variables):
    subprocess.run(["make", "--no-print-directory", "-s", "-C", str(HERE), *variables],
                   check=True)


def mutated(mutants):
    """{file: text}, or None when a text is not there exactly once."""
    texts = {}
    for name, file, old, new, _ in mutants:
        text = texts.get(file) or (KERNEL / file).read_text()
        edits = [(old, new)] + ([EXTRA[name]] if name in EXTRA else [])
        for before, after in edits:
            if text.count(before) != 1:
                print(f"mutant {name}: its text is not in {file} exactly once", flush=True)
                return None
            text = text.replace(before, after)
        texts[file] = text
    return texts


def build_mutant(folder, mutants):
    """A program with some files changed; None when that is not possible."""
    texts = mutated(mutants)
    if texts is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    targets = []
    for file, text in texts.items():
        (folder / file).write_text(text)
        targets.append(f"{'steps' if file in STEPS else 'kernel'}_{file[:-2]}.o")
    make(f"MUTANT={folder}", f"SOURCE={folder}", *[f"{folder}/{t}" for t in targets])
    objects = [str(o) for o in BUILD.glob("*.o") if o.name not in targets]
    subprocess.run(["gcc", "-o", str(folder / "explore"),
                    *[str(folder / t) for t in targets], *objects], check=True)
    return folder / "explore"


def explore(program, settings):
    """(status, output): 0 clean, 1 broken, 4 limit."""
    words = settings.replace("trace=", f"trace={HERE}/traces/").split()
    done = subprocess.run([str(program), *words], text=True, check=False,
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


def run_mutant(folder, names, tried):
    name = " + ".join(names)
    program = build_mutant(BUILD / folder, [m for m in MUTANTS if m[0] in names])
    if not program:
        return False
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


def check_reasons():
    """Whoever is caught by nothing says why, and none says it twice."""
    bare = {m[0] for m in MUTANTS if not m[4]}
    known = {m[0] for m in MUTANTS}
    wrong = (bare ^ (set(REDUNDANT) | set(OPEN))) | {n for p in PAIRS for n in p[0] if n not in known}
    for name in sorted(wrong):
        print(f"mutant {name}: neither caught nor a reason, or both, or unknown", flush=True)
    return not wrong


def mutant_jobs(args):
    for i, (name, *_, config) in enumerate(MUTANTS):
        if args.ladder and not config:
            yield (f"mutant{i}", [name], LADDER)
        elif config and not args.ladder and (args.depth == "deep" or name not in DEEP_MUTANTS):
            yield (f"mutant{i}", [name], [config])
    for i, (names, config) in enumerate([] if args.ladder else PAIRS):
        if args.depth == "deep" or names[0] not in DEEP_MUTANTS:
            yield (f"pair{i}", names, [config])


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
        jobs += [(run_mutant, *job) for job in mutant_jobs(args)
                 if args.k in " + ".join(job[1])]
        jobs.append((check_reasons,))
    workers = min(2, os.cpu_count() or 1)
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda job: job[0](*job[1:]), jobs))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
