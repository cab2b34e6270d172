"""What must hold after every scenario, whatever it was about."""
# SPDX-License-Identifier: GPL-2.0-only
import re

COMPLAINT = re.compile(
    r"BUG:|WARNING:|INFO: possible|INFO: task|INFO: rcu|INFO: suspicious|"
    r"blocked for more than|KASAN|UBSAN|general protection|Oops|Call Trace|"
    r"Kernel panic|unable to handle|refcount_t|list_(add|del) corruption|"
    r"soft lockup|hard LOCKUP|scheduling while atomic|circular locking|"
    r"sleeping function called|double free|use-after-free(?! debug)|"
    r"Objects remaining in|left in slab|INFO: trying|ODEBUG|DEBUG_LOCKS_WARN|"
    r"invalid wait context")


class Violation(Exception):
    """A rule that every scenario must leave unbroken is broken."""


def after_boots(lines):
    """Without what a kernel says before it runs /init: no module was there yet.

    Of a boot that never came to /init, all counts.
    """
    boot = None
    for line in lines:
        if "Linux version " in line:
            yield from boot or []
            boot = []
        if boot is None:
            yield line
        elif "Run /init as init process" in line:
            boot = None
        else:
            boot.append(line)
    yield from boot or []


class ConsoleMark:
    """The consoles from here on belong to one scenario."""

    def __init__(self, machines):
        self.start = {machine: machine.console.stat().st_size for machine in machines
                      if machine.console.exists()}

    def lines(self, machine):
        if not machine.console.exists():
            return []
        with open(machine.console, "rb") as file:
            file.seek(self.start.get(machine, 0))
            return file.read().decode(errors="replace").splitlines()

    def complaints(self, machine, allowed=()):
        return [line for line in after_boots(self.lines(machine)) if COMPLAINT.search(line)
                and not any(re.search(pattern, line) for pattern in allowed)]

    def check(self, machines, allowed=()):
        for machine in machines:
            found = self.complaints(machine, allowed)
            if found:
                raise Violation(f"{machine.name} complains: {found[0].strip()}"
                                f" (and {len(found) - 1} more)")


def replicas(cluster):
    """Everything settles, then the disks are equal byte for byte."""
    for name in cluster.resources:
        cluster.wait_in_sync(name)
    for name in cluster.resources:
        cluster.assert_equal(name)


def everything_ends(cluster):
    """Down ends within ten seconds, the module unloads, no device is left."""
    for node in cluster:
        if not node.module_loaded():
            continue
        result = node.hadm("down", "all", check=False, timeout=10)
        if not result:
            raise Violation(f"{node.name}: {result}")
    for machine in cluster.machines:
        result = machine.run("! grep -q '^ha ' /proc/modules || rmmod ha",
                             check=False, timeout=10)
        if not result:
            raise Violation(f"{machine.name}: {result}")
        left = machine.run("ls -d /sys/block/ha[0-9]* 2>/dev/null; "
                           "ls -d /sys/module/ha 2>/dev/null", check=False).out.split()
        if left:
            raise Violation(f"{machine.name}: left behind: {left}")


def checkers_on(cluster):
    """Lockdep turns itself off without a word where it runs out of room."""
    for machine in cluster.machines:
        if not machine.kernel.checked:
            continue
        for what, file in (("debug_locks: +1", "/proc/lockdep_stats"),
                           ("enabled: 1", "/sys/kernel/debug/kcsan"),
                           ("setup_watchpoints: [1-9]", "/sys/kernel/debug/kcsan")):
            if not machine.run(["grep", "-Eq", what, file], check=False):
                raise Violation(f"{machine.name}: a checker is off: no {what} in {file}")


def check(cluster, mark, compare=True, allowed=()):
    """All of it, the gravest first: a complaint names the cause of what follows."""
    mark.check(cluster.machines, allowed)
    checkers_on(cluster)
    if compare:
        replicas(cluster)
    everything_ends(cluster)
    mark.check(cluster.machines, allowed)
