#!/usr/bin/env python3
"""Runs members with real agents, addresses and mounts, in namespaces of their own.

    agents.py [NAME]...     tests whose name has one of these words

Each module with_*.py has functions test_*(site): the docstring says what is shown. The
modules run beside each other. The last line says how many passed. Needs root; what a
test needs and is not there makes it skip, with the reason.
"""
# SPDX-License-Identifier: GPL-2.0-only
import concurrent.futures
import importlib
import os
import subprocess
import sys
import time
import traceback

import site_of_tests

MODULES = ["with_ocf", "with_shim", "with_ip", "with_mount", "with_fence", "with_systemd"]
MARK = "HA_EXEC_TEST_MODULE"
WORDS = ("passed", "failed", "skipped")


def run_module(name, words):
    """(exit status, output) of one module, alone: what it leaves behind ends with it.

    The shell is there to reap orphans, as the first process of the namespace.
    """
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
         "--propagation", "private", "sh", "-c", '"$@"; exit $?', "sh",
         sys.executable, __file__, *words],
        env={**os.environ, MARK: name}, stdout=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout


def tests(name, words):
    for key, function in vars(importlib.import_module(name)).items():
        full = f"{name[5:]}.{key[5:]}"
        if key.startswith("test_") and (not words or any(w in full for w in words)):
            yield full, function


def run(name, function, site):
    """'passed', 'failed' or 'skipped'."""
    start = time.monotonic()
    try:
        function(site)
    except site_of_tests.Skip as reason:
        print(f"skipped  {name}: {reason}", flush=True)
        return "skipped"
    except Exception:                               # pylint: disable=broad-except
        print(f"FAILED   {name}\n{traceback.format_exc()}", flush=True)
        return "failed"
    finally:
        site.clean()
    print(f"passed   {name} ({time.monotonic() - start:.1f} s)", flush=True)
    return "passed"


def one_module(name, words):
    counts = dict.fromkeys(WORDS, 0)
    site = None
    for full, function in tests(name, words):
        site = site or site_of_tests.Site()
        counts[run(full, function, site)] += 1
    if site:
        site.end()
    print(*counts.values())
    return 0


def main():
    words = sys.argv[1:]
    if os.geteuid() != 0:
        print("0 passed, 0 failed, 1 skipped")
        return 0
    if os.environ.get(MARK):
        return one_module(os.environ[MARK], words)
    sums = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(len(MODULES)) as pool:
        for name, (code, out) in zip(MODULES, pool.map(run_module, MODULES,
                                                       [words] * len(MODULES))):
            *lines, last = out.splitlines() or [""]
            counts = last.split()
            if code or len(counts) != 3:
                lines += [last, f"FAILED   {name}: ended with {code}"]
                counts = [0, 1, 0]
            print("\n".join(lines))
            sums = [a + int(b) for a, b in zip(sums, counts)]
    print(", ".join(f"{count} {word}" for count, word in zip(sums, WORDS)))
    return 1 if sums[1] else 0


if __name__ == "__main__":
    sys.exit(main())
