"""Power loss at seeded random moments, round after round, on a pair in one kernel.

    power.py [--seed N] [--rounds N] [--seconds N] [CASE]...

--seconds ends it, but not before each case has been done once.
A round is one case of cuts.py, chosen by chance; the first ones go through all. Each
has a seed of its own, printed with it: --seed of a round that failed, --rounds 1 and
the name of the case begin with the same choices.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import collections
import faulthandler
import os
import random
import threading
import time

import cuts
import guest
import tally


PATIENCE = 400                  # seconds; a round that is longer hangs
FOREVER = 1e9


class Watchdog(threading.Thread):
    """Ends the program when something does not end: requests here cannot be killed."""

    def __init__(self, kernel, patience):
        super().__init__(daemon=True)
        self.kernel, self.patience = kernel, patience
        self.feed()
        self.start()

    def feed(self):
        self.deadline = time.monotonic() + self.patience

    def run(self):
        while time.monotonic() < self.deadline:
            time.sleep(5)
        print(f"FAIL hang: longer than {self.patience} s", flush=True)
        faulthandler.dump_traceback()
        print(self.kernel.run("for f in /proc/[0-9]*/task/*/stack; do grep -q ha_ $f && "
                              "cat ${f%stack}comm $f; done 2>/dev/null", check=False).out)
        print("0 passed, 1 failed, 0 skipped", flush=True)
        os._exit(1)


class Rounds(tally.Tally):
    """Does rounds and counts how they went."""

    def __init__(self, seed, kind=cuts.Cuts, patience=FOREVER):
        super().__init__(guest.KernelLog())
        self.site = kind(seed)
        self.cases = collections.Counter()
        self.watchdog = Watchdog(self.site.kernel, patience)

    def round(self, name, seed):
        self.site.chance.seed(seed)
        self.watchdog.feed()
        if not self.attempt(name, getattr(self.site, name), f"seed {seed}"):
            self.state()
            self.attempt("again", self.again, "after it")
        else:
            self.cases[name] += 1

    def again(self):
        self.watchdog.feed()
        self.site.unmake()
        self.site.make()

    def state(self):
        """For who looks into a failure."""
        for end in self.site.c:
            print(end.name, end.hadm("status", "--json", check=False, timeout=20).out)
        print(self.site.kernel.run("dmesg | tail -n 60", check=False).out, flush=True)

    def finish(self):
        lost, kept = self.site.pages
        cases = ", ".join(f"{name} {count}" for name, count in self.cases.items())
        print(f"     {cases}; of unflushed pages {lost} lost, {kept} kept or torn")
        self.watchdog.feed()
        self.unload(self.site.kernel, self.site.remove)
        self.sum()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--rounds", type=int, default=len(cuts.CASES))
    parser.add_argument("--seconds", type=int, default=100000)
    parser.add_argument("--until-failure", action="store_true")
    parser.add_argument("cases", nargs="*")
    args = parser.parse_args()
    end = time.monotonic() + args.seconds
    print(f"     seed {args.seed}", flush=True)
    rounds = Rounds(args.seed, patience=PATIENCE)
    rounds.attempt("create", rounds.again, f"seed {args.seed}")
    names = args.cases or cuts.CASES
    for number in range(args.rounds):
        if args.until_failure and rounds.failed:
            break
        if number >= len(names) and time.monotonic() > end:
            print(f"     time is over after {number} rounds", flush=True)
            break
        seed = args.seed + number
        if number % 8 == 7:
            rounds.attempt("create", rounds.again, f"seed {seed}")
        rounds.round(names[seed % len(names)], seed)
    if args.rounds >= len(names) == len(cuts.CASES):
        lost = rounds.site.pages[0]
        rounds.result("pages", "" if lost else "no power loss has lost a page")
    rounds.finish()


if __name__ == "__main__":
    main()
