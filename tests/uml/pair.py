"""Steps of a pair's life in one kernel; after each the kernel must have no complaint.

    pair.py [--seed N] [--rounds N] [STEP]...

The first round makes the pair and goes through the steps in their order, each further
one through those that can be repeated, shuffled. A step begins and ends with both in
sync and Secondary; after one that failed the pair is made anew.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import random
import time
import traceback

import guest
import steps

TIME = 400                      # seconds; no further step is begun after them
LEAKS = "/sys/kernel/debug/kmemleak"


class Run:
    """Does steps and counts how they went."""

    def __init__(self, seed):
        self.log = guest.KernelLog()
        self.steps = steps.Steps(seed)
        self.passed = self.failed = self.skipped = 0
        self.end = time.monotonic() + TIME

    def result(self, name, started, problem=""):
        seconds = f" ({time.monotonic() - started:.1f} s)"
        complaints = self.log.complaints()
        if complaints:
            problem += f" kernel: {complaints[0]} (and {len(complaints) - 1} more)"
        if problem:
            self.failed += 1
            print(f"FAIL {name}: {problem.strip()}{seconds}", flush=True)
        else:
            self.passed += 1
            print(f"ok {name}{seconds}", flush=True)
        return not problem

    def attempt(self, name, function):
        """Run one; whatever it raises is its failure."""
        started, problem = time.monotonic(), ""
        try:
            function()
        except Exception as error:
            problem = f"{type(error).__name__}: {error}".replace("\n", "\n     ")
            traceback.print_exc()
        return self.result(name, started, problem)

    def step(self, name):
        if time.monotonic() > self.end:
            self.skipped += 1
            print(f"skip {name}: no time left", flush=True)
        elif not self.attempt(name, getattr(self.steps, name)):
            self.steps.state()
            self.attempt(name + "-afterwards", self.again)

    def again(self):
        self.steps.unmake()
        self.steps.make()

    def finish(self):
        """Nothing is left of the pair, and nothing of it is lost in memory."""
        self.attempt("down", self.steps.down)
        self.attempt("rmmod", lambda: self.steps.kernel.run("rmmod ha", timeout=20))
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
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    run = Run(args.seed)
    chance = random.Random(args.seed)
    names = args.steps or steps.MIDDLE
    run.attempt("lifecycle", run.steps.lifecycle)
    for number in range(args.rounds):
        for name in names if number == 0 else chance.sample(names, len(names)):
            run.step(name)
    if not args.steps:
        run.step("two_resources")
    run.finish()
    print(f"{run.passed} passed, {run.failed} failed, {run.skipped} skipped", flush=True)


if __name__ == "__main__":
    main()
