"""Steps of a pair's life in one kernel; after each the kernel must have no complaint.

    pair.py [--seed N] [--rounds N] [STEP]...

The first round makes the pair and goes through the steps in their order, each further
one through those that can be repeated, shuffled. A step begins and ends with both in
sync and Secondary; after one that failed the pair is made anew.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import random

import guest
import steps
import tally

TIME = 400                      # seconds; no further step is begun after them


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    run = tally.Steps(guest.KernelLog(), steps.Steps(args.seed), TIME)
    chance = random.Random(args.seed)
    names = args.steps or steps.MIDDLE
    run.attempt("lifecycle", run.steps.lifecycle)
    for number in range(args.rounds):
        for name in names if number == 0 else chance.sample(names, len(names)):
            run.step(name)
    if not args.steps:
        run.step("two_resources")
    run.finish()


if __name__ == "__main__":
    main()
