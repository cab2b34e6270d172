"""Attacks on the live module; after each it must be what it was, and say why it hung up.

    hostile.py [--seed N] [--rounds N] [--seconds N] [STEP]...

Steps are the methods of the classes in hostile_steps.py and hostile_local.py. Each begins
with a pair in sync and leaves one; what a step did is printed with its line.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import time
import traceback

import hostile_bench
import hostile_steps
from pair import LEAKS

TIME = 400                      # seconds; no further step is begun after them


class Run:
    """Does steps and counts how they went."""

    def __init__(self, args):
        self.log = hostile_bench.Log()
        self.steps = hostile_steps.Steps(self.log, args)
        self.passed = self.failed = self.skipped = 0
        self.end = time.monotonic() + TIME

    def result(self, name, started, problem="", what=""):
        text = f"{what} ({time.monotonic() - started:.1f} s)"
        complaints = self.log.complaints()
        if complaints:
            problem += f" kernel: {complaints[0]} (and {len(complaints) - 1} more)"
        if problem:
            self.failed += 1
            print(f"FAIL {name}: {problem.strip()} {text}", flush=True)
        else:
            self.passed += 1
            print(f"ok {name}: {text}", flush=True)
        return not problem

    def attempt(self, name, function):
        """Run one; whatever it raises is its failure."""
        started, problem, what = time.monotonic(), "", ""
        try:
            what = function() or ""
        except Exception as error:
            problem = f"{type(error).__name__}: {error}".replace("\n", "\n     ")
            traceback.print_exc()
        return self.result(name, started, problem, what)

    def step(self, name):
        if time.monotonic() > self.end:
            self.skipped += 1
            print(f"skip {name}: no time left", flush=True)
        elif not self.attempt(name, getattr(self.steps, name)):
            self.steps.state()
            self.attempt(name + "-afterwards", self.steps.again)
        elif name in hostile_steps.CHANGES:
            self.attempt(name + "-afterwards", self.steps.again)

    def finish(self):
        """Nothing is left of the pair, and nothing of it is lost in memory."""
        self.attempt("down", self.steps.down)
        self.attempt("rmmod", lambda: self.steps.kernel.run("rmmod ha", timeout=20) and "")
        time.sleep(6)               # what is younger than 5 s does not count as lost
        for _ in range(2):
            with open(LEAKS, "w", encoding="ascii") as file:
                file.write("scan")
        with open(LEAKS, encoding="ascii", errors="replace") as file:
            found = file.read()
        print(found)
        self.result("leaks", time.monotonic(), found and found.split("\n")[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=10, help="of each random step")
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    args.seed = args.seed or int(time.time())
    print(f"     seed {args.seed}", flush=True)
    run = Run(args)
    run.attempt("make", run.steps.make)
    for _ in range(args.rounds):
        for name in args.steps or hostile_steps.ALL:
            run.step(name)
        args.seed += 1
    run.finish()
    print(f"{run.passed} passed, {run.failed} failed, {run.skipped} skipped", flush=True)


if __name__ == "__main__":
    main()
