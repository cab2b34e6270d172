"""Named things done one after the other: what each came to, and how many went well."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import time
import traceback

LEAKS = "/sys/kernel/debug/kmemleak"


def leaks():
    """The first line about memory that nobody knows any more; "" when there is none."""
    if not os.path.exists(LEAKS):
        return ""               # FAST=1: the other kernel has it, or was not built
    time.sleep(6)               # what is younger than 5 s does not count as lost
    for _ in range(2):
        with open(LEAKS, "w", encoding="ascii") as file:
            file.write("scan")
    with open(LEAKS, encoding="ascii", errors="replace") as file:
        found = file.read()
    print(found)
    return found.split("\n")[0]


class Tally:
    """Does things and counts how they went; a complaint of the kernel is a failure."""

    def __init__(self, log):
        self.log = log
        self.passed = self.failed = self.skipped = 0

    def result(self, name, problem="", text="", quiet=False):
        complaints = self.log.complaints()
        if complaints:
            problem += f" kernel: {complaints[0]} (and {len(complaints) - 1} more)"
        if problem:
            self.failed += 1
            problem = problem.strip().replace("\n", "\n     ")
            print(f"FAIL {name}: {problem} {text}".rstrip(), flush=True)
        else:
            self.passed += 1
            if not quiet:
                print(f"ok {name}: {text}", flush=True)
        return not problem

    def attempt(self, name, function, label=""):
        """Do one; whatever it raises is its failure, a text it returns is shown."""
        started, problem, said = time.monotonic(), "", None
        try:
            said = function()
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            traceback.print_exc()
        words = [label, said if isinstance(said, str) else "",
                 f"({time.monotonic() - started:.1f} s)"]
        return self.result(name, problem, " ".join(word for word in words if word))

    def unload(self, kernel, down):
        """Nothing is left of the pair."""
        self.attempt("down", down)
        self.attempt("rmmod", lambda: kernel.run("rmmod ha", timeout=20))

    def sum(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped",
              flush=True)


class Steps(Tally):
    """Steps of a pair, each from in sync to in sync; after a failure it is made anew."""

    def __init__(self, log, steps, seconds):
        super().__init__(log)
        self.steps = steps
        self.end = time.monotonic() + seconds

    def step(self, name, leaves_changes=False):
        if time.monotonic() > self.end:
            self.skipped += 1
            print(f"skip {name}: no time left", flush=True)
            return
        good = self.attempt(name, getattr(self.steps, name))
        if not good:
            self.steps.state()
        if not good or leaves_changes:
            self.attempt(name + "-afterwards", self.steps.again)

    def finish(self):
        """Nothing of the pair is lost in memory either."""
        self.unload(self.steps.kernel, self.steps.down)
        self.result("leaks", leaks())
        self.sum()
