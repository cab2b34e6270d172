"""Attacks on the live module; after each it must be what it was, and say why it hung up.

    hostile.py [--seed N] [--rounds N] [--seconds N] [STEP]...
    hostile.py --mutants [NUMBER]...

Steps are the methods of the classes in hostile_steps.py and hostile_local.py. Each begins
with a pair in sync and leaves one; what a step did is printed with its line.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import time

import hostile_bench
import hostile_steps
import seeded
import tally

TIME = 400                      # seconds; no further step is begun after them


def mutants(run, args):
    """The module with one fault after the other, each attacked until that shows."""
    faults = seeded.Faults(run, run.steps.again)
    args.wrong = 0
    for number, (words, step, only) in seeded.chosen(seeded.HOSTILE, args.steps).items():
        run.steps.only = only
        faults.tried(number, words, getattr(run.steps, step))
    run.finish()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=10, help="of each random step")
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--wrong", type=int, default=12,
                        help="attacks of a step that went wrong, then it is given up")
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    args.seed = args.seed or int(time.time())
    print(f"     seed {args.seed}", flush=True)
    log = hostile_bench.Log()
    run = tally.Steps(log, hostile_steps.Steps(log, args), TIME)
    run.attempt("make", run.steps.make)
    if args.mutants:
        mutants(run, args)
        return
    for _ in range(args.rounds):
        for name in args.steps or hostile_steps.ALL:
            run.step(name, name in hostile_steps.CHANGES)
        args.seed += 1
    run.finish()


if __name__ == "__main__":
    main()
