#!/usr/bin/env python3
"""Run the core in simulated clusters; break its rules one by one and see it noticed.

usage: tests/cluster-sim/run.py [--runs N] [--seed N] [--only clean|mutants] [-k WORD]
                                [--tries N]

Every setting must be clean; each mutant must be caught.  A broken run prints the
settings and the seed that repeat it: build/cluster-sim/sim SETTINGS v=1
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import concurrent.futures
import pathlib
import subprocess
import sys

from mutants import EXTRA, MUTANTS

HERE = pathlib.Path(__file__).resolve().parent
CORE = HERE.parents[1] / "cluster" / "core"
BUILD = HERE.parents[1] / "build" / "cluster-sim"

# settings, share of the runs
CLEAN = [
    ("nodes=3", 3), ("nodes=2", 3), ("nodes=4", 1), ("nodes=5", 1),
    ("nodes=2 device=1", 3), ("nodes=2 device=1 watchdog=1 fence=0", 2),
    ("nodes=3 watchdog=1 fence=0", 2), ("nodes=2 watchdog=1", 1),
    ("nodes=3 watchdog=1 fence=0 device=1", 1),
    ("nodes=3 storage=0", 1), ("nodes=3 watchdog=1 seconds=400", 1),
    ("nodes=3 rough=1", 3), ("nodes=2 rough=1", 3), ("nodes=2 device=1 rough=1", 3),
    ("nodes=2 device=1 watchdog=1 fence=0 rough=1", 2),
    ("nodes=3 rough=1 watchdog=1 fence=0", 2), ("nodes=5 rough=1", 1),
    ("nodes=3 wild=1 seconds=40", .5), ("nodes=2 wild=1 seconds=40", .5),
    ("nodes=3 loss=stop", 1), ("nodes=3 loss=demote", 1), ("nodes=3 loss=suicide", .5),
    ("nodes=3 rough=1 watchdog=1 fence=0 loss=stop", .5),
    ("nodes=2 device=1 watchdog=1 fence=0 loss=demote", .5), ("nodes=2 loss=freeze", .5),
    ("nodes=5 loss=ignore", .5),
    ("nodes=3 steady=1 only=d", 1), ("nodes=2 steady=1 only=d", 1),
]


def make(*words):
    subprocess.run(["make", "--no-print-directory", "-s", "-C", str(HERE), *words],
                   check=True)


# the explorer's, as they are: searches, then walks
EXPLORE = [
    "nodes=2 faults=0 warm=0", "nodes=2 faults=1 max={states}", "nodes=3 faults=0 warm=0",
    "nodes=3 faults=1 max={states}", "nodes=3 faults=2 walks={walks}",
    "nodes=2 faults=3 walks={walks}", "nodes=3 faults=3 warm=0 walks={walks}",
]


def run_explore(settings):
    done = subprocess.run([str(BUILD / "explore"), *settings.split()], text=True,
                          check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(f"explore {done.stdout.rstrip()}", flush=True)
    return done.returncode in (0, 4)


def sim(program, settings, seed, runs):
    done = subprocess.run([str(program), *settings.split(), f"seed={seed}",
                           f"runs={runs}"], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.rstrip()


def run_clean(settings, seed, runs):
    status, output = sim(BUILD / "sim", settings, seed, runs)
    print(f"{settings}: {output}", flush=True)
    return status == 0


def changed(name, file, old, new):
    """The changed files of a mutant: {file: text}; None when a text is not there once."""
    texts = {}
    for which, before, after in [(file, old, new)] + EXTRA.get(name, []):
        text = texts.get(which) or (CORE / which).read_text()
        if text.count(before) != 1:
            return None
        texts[which] = text.replace(before, after)
    return texts


def build_mutant(number, mutant):
    texts = changed(*mutant[:4])
    if not texts:
        return None
    folder = BUILD / f"mutant{number}"
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (folder / file).write_text(text)
        subprocess.run(["gcc", "-std=gnu11", "-O1", "-w", f"-I{CORE}", "-c", "-o",
                        str(folder / f"core_{file[:-2]}.o"), str(folder / file)], check=True)
    ours = [f"core_{file[:-2]}.o" for file in texts]
    program = (mutant[4] or "sim").split()[0]
    explorer = ["explore.o", "explore_world.o", "explore_moves.o"]
    world = [o for o in BUILD.glob("*.o") if o.name not in ours]
    if program == "explore":
        world = [o for o in world if o.name.startswith("core_") or
                 o.name in ["planner.o", *explorer]]
    else:
        world = [o for o in world if o.name not in explorer]
    subprocess.run(["gcc", "-o", str(folder / "sim"), *[str(folder / o) for o in ours],
                    *map(str, world)], check=True)
    return folder / "sim"


def run_mutant(number, tries):
    name, file, _, _, settings = MUTANTS[number]
    program = build_mutant(number, MUTANTS[number])
    if not program:
        print(f"mutant {name}: its text is not in {file} exactly once", flush=True)
        return False
    if settings.startswith("explore "):
        settings += f" walks={20 * tries}"
    status, output = sim(program, settings, 1, tries)
    if status:
        what = [line for line in output.splitlines() if "BROKEN" in line]
        print(f"mutant {name}: caught by {settings}: "
              f"{what[0] if what else f'status {status}'}", flush=True)
        return True
    print(f"mutant {name}: NOT caught by {settings}: {output}", flush=True)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--only", choices=("clean", "mutants"))
    parser.add_argument("-k", default="")
    args = parser.parse_args()
    make()
    jobs = []
    if args.only != "mutants":
        jobs += [(run_clean, s, args.seed, int(args.runs * share)) for s, share in CLEAN
                 if args.k in s]
        jobs += [(run_explore, s.format(states=args.runs * 400, walks=args.runs * 20))
                 for s in EXPLORE if args.k in s]
    if args.only != "clean":
        jobs += [(run_mutant, i, args.tries) for i, m in enumerate(MUTANTS)
                 if args.k in m[0] and m[4]]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda job: job[0](*job[1:]), jobs))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
