#!/usr/bin/env python3
"""Run fuzz targets for some seconds each and count what they did; a crash fails.

usage: run.py TARGET...             with BUILD, SECONDS and SEED in the environment
       run.py --seeds TARGET...     only puts the seeds into their corpora
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import pathlib
import re
import shutil
import subprocess
import sys

import seeds

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ["BUILD"])
SECONDS, SEED = int(os.environ["SECONDS"]), int(os.environ["SEED"])
PROGRESS = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")


def corpus(target):
    """Where new inputs go, with the seeds of the target in it."""
    found = BUILD / "corpus" / target
    found.mkdir(parents=True, exist_ok=True)
    for path in (HERE / "corpus" / target).iterdir():
        shutil.copy(path, found / path.name)
    for name, data in seeds.of(target):
        (found / name).write_bytes(data)
    return found


def run(target):
    """Fuzz one; whether nothing was found."""
    where = corpus(target)
    words = [BUILD / target, f"-max_total_time={SECONDS}", f"-seed={SEED}",
             "-max_len=9000", "-timeout=10", "-rss_limit_mb=2048",
             "-print_final_stats=1", f"-artifact_prefix={BUILD}/{target}-", where]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace",
                          cwd=BUILD, check=False)
    progress = PROGRESS.findall(done.stderr)
    executed = EXECUTED.search(done.stderr)
    count = executed.group(1) if executed else "no"
    covered = progress[-1][1:] if progress else ("no", "no")
    if done.returncode == 0 and progress:
        print(f"ok {target}: {count} executions, {covered[0]} edges, {covered[1]} "
              f"features, corpus of {len(list(where.iterdir()))}", flush=True)
        return True
    print(f"FAIL {target}: after {count} executions")
    print("\n".join("     " + line for line in done.stderr.splitlines()[-40:]),
          flush=True)
    return False


def main():
    if sys.argv[1] == "--seeds":
        for target in sys.argv[2:]:
            print(f"{target}: corpus of {len(list(corpus(target).iterdir()))}", flush=True)
        return 0
    print(f"fuzz: {SECONDS} s each, seed {SEED} (0: by the clock)", flush=True)
    results = [run(target) for target in sys.argv[1:]]
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
