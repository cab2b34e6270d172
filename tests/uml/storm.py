"""The storm of tests/netns in this kernel: one processor, but KASAN and kmemleak.

    storm.py [--seed N] [--seconds N]
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import importlib.util
import os
import random

import guest
import oracle
import tally


def scenario():
    path = guest.CHECKOUT / "tests" / "netns" / "storm.py"
    spec = importlib.util.spec_from_file_location("netns_storm", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def state(pair):
    """For who looks into a failure."""
    for node in pair:
        print(node.name, node.hadm("status", "--json", check=False, timeout=20).out)
    print(pair.kernel.run("for f in /proc/[0-9]*/task/*/stack; do grep -q ha_ $f && "
                          "cat ${f%stack}comm $f; done 2>/dev/null", check=False).out,
          flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20))
    parser.add_argument("--seconds", type=int, default=60)
    args = parser.parse_args()
    print(f"     seed {args.seed}", flush=True)
    os.environ["STORM"] = str(args.seconds)
    pair = guest.Pair()
    pair.random = random.Random(args.seed)
    run = tally.Tally(guest.KernelLog())

    def storm():
        scenario().test(pair)
        oracle.replicas(pair)

    if not run.attempt("storm", storm):
        state(pair)
    run.unload(pair.kernel, lambda: [node.hadm("down", "all", timeout=20)
                                     for node in pair])
    run.result("leaks", tally.leaks())
    run.sum()


if __name__ == "__main__":
    main()
