#!/usr/bin/env python3
"""Run the scenarios on stock kernels in virtual machines.

A scenario is a module in scenarios/ (two machines) or ../netns (two namespaces of one
kernel): its docstring says what it shows, test(c) does it. Optional in the module:
COMPARE = "reason"   the replicas need not be equal at the end, and why
ALLOW = [regex]      console complaints that belong to the scenario
TIMEOUT = seconds
PROCESSORS = those of each machine
LONG = "reason"      it takes minutes, and runs only where -k names it
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import importlib.util
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback

import kernels
import machine
import oracle
from lab import Lab

HERE = pathlib.Path(__file__).resolve().parent
LOGS = HERE.parents[1] / "build" / "test-logs"
TIMEOUT = 240


class Skip(Exception):
    """Raised by a scenario that cannot run here, with the reason."""


class TookTooLong(Exception):
    """The scenario's time is over."""


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def discover(patterns):
    """(name, module, machines) of each scenario that one of the patterns names."""
    return [entry for pattern in patterns.split(",") for entry in matching(pattern)]


def matching(pattern):
    """Those of one pattern; those with one machine first."""
    found = []
    for count, directory in ((1, HERE.parent / "netns"), (2, HERE / "scenarios")):
        for path in sorted(directory.glob("*.py")):
            name = f"{'netns' if count == 1 else 'vm'}/{path.stem}"
            if pattern in name or pattern == path.stem:
                found.append((name, path, count))
    exact = [entry for entry in found if entry[1].stem == pattern or entry[0] == pattern]
    chosen = [(name, load(path), count) for name, path, count in exact or found]
    return [entry for entry in chosen if pattern or not hasattr(entry[1], "LONG")]


def save_logs(lab, name, reason):
    """Consoles and what the nodes say of themselves, for who looks into the failure."""
    target = LOGS / lab.release / name.replace("/", "-")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    (target / "reason").write_text(reason)
    for node in lab.cluster or ():
        if node.machine.alive():
            try:
                (target / f"{node.name}.state").write_text(state_of(node))
            except (machine.MachineDied, TookTooLong, OSError):
                pass
    for one in lab.machines:
        if one.console.exists():
            shutil.copy(one.console, target / f"{one.name}.console")
    return target


def state_of(node):
    """Configuration, status, kernel log, and where in the module tasks wait."""
    text = node.text
    for command in (["hadm", "-c", node.config, "status", "--json"], ["dmesg"],
                    "for f in /proc/[0-9]*/stack; do grep -q ha_ $f 2>/dev/null && "
                    "cat ${f%stack}comm $f; done"):
        result = node.run(command, check=False, timeout=20)
        text += f"--- {result.command}\n{result.out}{result.err}{result.stuck}\n"
    return text


def kernel_says(lab, allowed):
    """The first complaint on a console: often the cause of all that follows."""
    for one in lab.machines if lab.mark else ():
        for line in lab.mark.complaints(one, allowed)[:1]:
            return f"\n     {one.name}'s kernel: {line.strip()}"
    return ""


def run_one(lab, module, count):
    """A scenario and its oracle; raises what went wrong."""
    c = lab.prepare(count, getattr(module, "PROCESSORS", None))
    c.skip = skip
    module.test(c)
    for one in c.machines:
        if not one.alive():
            raise machine.MachineDied(f"{one.name} is not running at the end")
    oracle.check(c, lab.mark, compare=not getattr(module, "COMPARE", None),
                 allowed=getattr(module, "ALLOW", ()))


def skip(reason):
    raise Skip(reason)


def say(word, name, release, started, rest=""):
    seconds = time.monotonic() - started
    print(f"{word} {name} ({release}, {seconds:.0f} s){rest}", flush=True)


def attempt(lab, name, module, count):
    """Run, report, and leave the lab clean; 'passed', 'failed' or 'skipped'."""
    started = time.monotonic()
    signal.alarm(getattr(module, "TIMEOUT", TIMEOUT) * kernels.patience)
    try:
        run_one(lab, module, count)
    except Skip as reason:
        say("skip", name, lab.release, started, f": {reason}")
        lab.reset()
        return "skipped"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:      # whatever a scenario does wrong is its failure
        signal.alarm(0)
        logs = save_logs(lab, name, traceback.format_exc())
        say("FAIL", name, lab.release, started,
            f": {type(error).__name__}: {error}"
            f"{kernel_says(lab, getattr(module, 'ALLOW', ()))}\n     logs: {logs}")
        lab.reset()
        return "failed"
    finally:
        signal.alarm(0)
    say("ok", name, lab.release, started)
    return "passed"


def run_kernel(series, pattern):
    """All scenarios on one kernel; counts of passed, failed, skipped."""
    kernel = kernels.use(series)

    def too_long(*_):
        raise TookTooLong("the scenario's time is over")
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    lab = Lab(kernel)
    print(f"     {kernel.release}: SEED={lab.seed}", flush=True)
    try:
        for name, scenario, count in discover(pattern):
            counts[attempt(lab, name, scenario, count)] += 1
    finally:
        lab.close()
    return counts


def run_all(pattern):
    """Each kernel in a process of its own, side by side."""
    children = [subprocess.Popen([sys.executable, __file__, "--kernel", series,
                                  "-k", pattern], stdout=subprocess.PIPE, text=True,
                                 preexec_fn=lambda: machine.die_with_parent(signal.SIGTERM))
                for series in ("6.1", "6.12")]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for child, lines in zip(children, follow(children)):
        words = lines[-1].replace(",", "").split() if lines else []
        if len(words) == 6 and words[1::2] == list(counts):
            for number, word in zip(words[::2], words[1::2]):
                counts[word] += int(number)
        else:
            counts["failed"] += 1
        if child.returncode and not counts["failed"]:
            counts["failed"] += 1
    return counts


def follow(children):
    """Print what the children print, but their summaries; all lines of each."""
    lines = [[] for _ in children]

    def forward(child, taken):
        for line in child.stdout:
            taken.append(line)
            if " passed, " not in line:
                print(line, end="", flush=True)
        child.wait()

    threads = [threading.Thread(target=forward, args=pair)
               for pair in zip(children, lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernel", default="all",
                        choices=("6.1", "6.12", kernels.SMP, "all"),
                        help="all: both of Debian; smp: two processors, lockdep, KCSAN")
    parser.add_argument("-k", default="", metavar="NAME",
                        help="the scenario of this name, or all whose name has this; "
                        "several with commas between")
    parser.add_argument("--list", action="store_true", help="say what there is")
    options = parser.parse_args()
    if options.list:
        for name, module, _ in discover(options.k):
            print(f"{name:32} {module.__doc__.strip().splitlines()[0]}")
        return 0
    if not discover(options.k):
        raise SystemExit(f"no scenario has {options.k} in its name")
    counts = run_all(options.k) if options.kernel == "all" \
        else run_kernel(options.kernel, options.k)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
