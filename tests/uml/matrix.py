"""The crash matrix: a life is recorded, then every moment of it is a loss of power.

    matrix.py [--seed N] [--time SECONDS] [--kind KIND] [--step STEP] [--full]
              [--until FAILURES] [--life PART]...

Of each moment images of the disks are made as the loss may leave them; a pair made of
them must come in sync with equal disks that have what was acknowledged, or refuse.
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import collections
import random
import time
import traceback

import ends
import guest
import matrix_life
import matrix_log
import matrix_oracle
import matrix_states


class Matrix:
    """The recorded life, the images tried, and how each came out."""

    def __init__(self, args):
        self.args, self.random = args, random.Random(args.seed)
        self.c = guest.Pair()
        self.log = guest.KernelLog()
        self.disks = matrix_life.Disks(self.c)
        self.ends = ends.pair(self.c, self.disks.names)
        self.outcomes = collections.Counter()
        self.failed = 0

    def record(self):
        """Live the life; the disks begin with what stands in base."""
        self.disks.clear(self.c)
        self.c.resources = {"r0": 0}
        self.c.configure(self.disks.text(self.c))
        matrix_log.switch("used", 0)
        matrix_log.switch("on", 1)
        life = matrix_life.Life(self.c, self.disks, random.Random(self.args.seed))
        life.live(self.args.full, self.args.life or matrix_life.PARTS)
        matrix_log.switch("on", 0)
        self.life = matrix_log.Log(matrix_log.record(), len(self.disks.below))
        self.oracle = matrix_oracle.Oracle(self.life)
        self.order = matrix_oracle.Order(self.oracle)
        self.restorer = matrix_oracle.Restorer(self.disks, self.life)

    def attempt(self, state):
        """One image; what came out of it, and what is wrong with that."""
        if state.whole():
            problem = self.alone(state)
            if problem:
                return "alone", problem
        self.restorer.restore(state.images)
        outcome = ends.meet(self.ends)
        self.down()
        if outcome != "in sync":
            return outcome, ""
        return outcome, self.oracle.verify(self.restorer, state)

    def alone(self, state):
        """Each end without the other: data that may be used must be of one moment."""
        self.restorer.restore(state.images)
        for end in self.ends:
            for command, words in [*end.up_to_attach(), end.attach()]:
                end.ask(command, **words)
            usable = end.view().usable()
            end.down()
            problem = usable and self.order.verify(
                self.restorer.read(2 * end.number), state.claims[-1][0])
            if problem:
                return f"node{end.number + 1}: {problem}"
        return ""

    def down(self):
        for end in self.ends:
            end.down()

    def run(self, state):
        try:
            outcome, problem = self.attempt(state)
        except Exception as error:
            traceback.print_exc()
            outcome, problem = "error", str(error)
            self.down()
        if not problem and outcome != "in sync":
            problem = state.refused(outcome)
        if problem and outcome == "in sync" and state.kinds == {"stale log"}:
            outcome, problem = "not noticed", ""
        complaints = self.log.complaints()
        if complaints:
            problem += " kernel: " + complaints[0]
        for kind in state.kinds:
            self.outcomes[kind + ": " + outcome] += 1
        if outcome != "in sync":
            print(f"{state}: {outcome}", flush=True)
        if problem:
            self.failed += 1
            text = problem.replace("\n", "\n     ")
            print(f"FAIL image {state}: {outcome}: {text}", flush=True)

    def all(self):
        states = matrix_states.States(self.life, self.random).all()
        print(f"     {len(self.life.events)} events, {len(states)} images", flush=True)
        self.random.shuffle(states)
        end = time.monotonic() + self.args.time
        tried = 0
        for state in states:
            if self.args.kind and self.args.kind not in state.kinds or \
                    not any(self.args.step in self.life.step(moment)
                            for moment, *_ in state.claims):
                continue
            if time.monotonic() > end or self.failed >= self.args.until:
                break
            self.run(state)
            tried += 1
        print(f"     {tried} images tried")
        for name, count in sorted(self.outcomes.items()):
            print(f"     {count:6} {name}")
        return tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--time", type=int, default=90)
    parser.add_argument("--kind")
    parser.add_argument("--step", default="")
    parser.add_argument("--life", action="append")
    parser.add_argument("--until", type=int, default=1 << 30)
    parser.add_argument("--full", action="store_true")
    args = parser.parse_args()
    matrix = Matrix(args)
    matrix.record()
    tried = matrix.all()
    print(f"{tried - matrix.failed} passed, {matrix.failed} failed, 0 skipped")


if __name__ == "__main__":
    main()
