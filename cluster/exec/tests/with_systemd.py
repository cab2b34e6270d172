"""Units and scopes, with a real systemd as the first process of a namespace."""
# SPDX-License-Identifier: GPL-2.0-only
import functools
import json
import os
import pathlib
import signal
import subprocess
import time

from site_of_tests import BIN, Skip, need, sh, wait_for

SYSTEMD = "/lib/systemd/systemd"
UNITS = pathlib.Path("run/systemd/system")

# Its own cgroup as root of a cgroup namespace, the machine's files read-only.
START = """
set -e
echo $$ >{cgroup}/{name}/cgroup.procs
exec unshare --cgroup --mount --pid --fork --kill-child --mount-proc sh -e -c '
umount -R /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/resource-agents /run/systemd/system
printf "[Unit]\\nDefaultDependencies=no\\n" >/run/systemd/system/test.target
mount --bind {dir} {dir}
mount -o remount,bind,ro /
export container=test
exec {systemd} --system --unit=test.target --log-target=null --show-status=0 </dev/null
'
"""


class Machine:
    """A systemd, and ex-run in its namespaces."""

    def __init__(self, site):
        need(SYSTEMD)
        self.site = site
        directory = site.fixed("cgroup")
        done = subprocess.run(["mount", "-t", "cgroup2", "none", directory],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise Skip(f"no cgroups of version 2: {done.stderr.strip()}")
        self.name = f"ha-exec-{os.getpid()}-{time.monotonic_ns()}"
        script = START.format(dir=site.dir, cgroup=directory, name=self.name, systemd=SYSTEMD)
        self.cgroup = directory / self.name
        self.cgroup.mkdir()
        site.ends.append(self.end)
        self.outer = subprocess.Popen(["unshare", "--mount", "sh", "-c", script],
                                      stderr=subprocess.PIPE, text=True)
        self.pid = self.first_process()
        self.root = pathlib.Path(f"/proc/{self.pid}/root")
        wait_for(lambda: (self.root / "run/systemd/private").exists(), 10, "systemd")

    def first_process(self):
        """The process that became systemd."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if self.outer.poll() is not None:
                raise Skip(f"no systemd in a namespace: {self.outer.stderr.read().strip()}")
            found = subprocess.run(["pgrep", "-f", "^/lib/systemd/systemd --system"],
                                   capture_output=True, text=True, check=False).stdout.split()
            if found:
                return int(found[0])
            time.sleep(0.05)
        raise Skip("systemd does not start in a namespace")

    def inside(self, *words):
        return ["nsenter", "-t", str(self.pid), "-m", "-p", "-C", *map(str, words)]

    def start(self, *words):
        process = subprocess.Popen(self.inside(BIN / "ex-run", "--grace", 500, *words),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.site.running.append(process)
        return process

    def lines(self, *words, code=None):
        process = self.start(*words)
        out, err = process.communicate(timeout=40)
        assert out and "Sanitizer" not in err, (words, process.returncode, err)
        if code is not None:
            assert process.returncode == code, (words, process.returncode, out, err)
        return [json.loads(line) for line in out.splitlines()]

    def run(self, *words, code=0):
        return self.lines(*words, code=code)[-1]

    def systemctl(self, *words, check=True):
        return sh(*self.inside("systemctl", *words), check=check)

    def unit(self, name, text):
        (self.root / UNITS / name).write_text(text)
        self.systemctl("daemon-reload")

    def end(self):
        if self.outer.poll() is None:
            os.kill(getattr(self, "pid", self.outer.pid), signal.SIGKILL)
        self.outer.wait()
        self.outer.stderr.close()
        # A group is in use for a moment longer than its processes are.
        wait_for(lambda: not sh("find", self.cgroup, "-name", "cgroup.procs", "-exec", "cat",
                                "{}", "+", check=False), 10, "the end of the processes")
        for path, *_ in os.walk(self.cgroup, topdown=False):
            os.rmdir(path)


def on_systemd(function):
    """One machine for all tests of this module; it ends with the site."""
    @functools.wraps(function)
    def test(site):
        if not MACHINE:
            MACHINE.append(Machine(site))
        function(site, MACHINE[0])
    return test


MACHINE = []


SLEEPER = "[Service]\nExecStart=/bin/sleep 1000\nRestart=always\nRestartSec=100ms\n"


@on_systemd
def test_unit(site, machine):
    """A unit's life. While it is ours nobody else restarts it, once forgotten all is as before."""
    del site
    machine.unit("t.service", SLEEPER)
    one = ["systemd", "t.service"]
    dropin = machine.root / UNITS / "t.service.d/50-hacluster.conf"

    def restart():
        return machine.systemctl("show", "-P", "Restart", "t.service").strip()

    answer = machine.run(*one, "monitor", code=7)
    assert answer["verdict"] == "fine", answer
    machine.run(*one, "stop")
    assert not dropin.exists()
    machine.run(*one, "validate-all")
    assert "Restart=no" in dropin.read_text() and restart() == "no"
    written = dropin.stat().st_mtime_ns
    machine.run(*one, "start")
    assert dropin.stat().st_mtime_ns == written, "written again, and systemd read all anew"
    assert machine.run("--role", "started", *one, "monitor")["role"] == "started"
    machine.run(*one, "start")
    machine.run(*one, "stop")
    machine.run(*one, "monitor", code=7)
    machine.run("--forget", "--linger", 1000, *one, "stop")
    assert not dropin.exists()
    wait_for(lambda: restart() == "always", 5, "the setting of the unit")


@on_systemd
def test_unit_refusals(site, machine):
    """What is not there, what fails, what ends at once: each has a reason."""
    del site
    answer = machine.run("systemd", "nope.service", "start", code=5)
    assert "not found" in answer["reason"] and answer["verdict"] == "hard", answer
    answer = machine.run("systemd", "nope.service", "monitor", code=5)
    assert answer["role"] == "stopped", answer
    machine.run("systemd", "nope.service", "stop")
    machine.unit("f.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n")
    answer = machine.run("systemd", "f.service", "start", code=1)
    assert "failed" in answer["reason"], answer
    machine.unit("e.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n")
    answer = machine.run("systemd", "e.service", "start", code=1)
    assert "inactive" in answer["reason"], answer
    machine.run("systemd", "f.service", "monitor", code=7)


@on_systemd
def test_unit_watch(site, machine):
    """Without any interval: the death of a unit is told at once, and it stays dead."""
    del site
    machine.unit("t.service", SLEEPER)
    machine.run("systemd", "t.service", "start")
    process = machine.start("--watch", 0, "--for", 3000, "--role", "started", "systemd",
                            "t.service", "monitor")
    assert json.loads(process.stdout.readline())["code"] == 0
    began = time.monotonic()
    machine.systemctl("kill", "-s", "KILL", "t.service")
    lost = json.loads(process.stdout.readline())
    took = time.monotonic() - began
    assert lost["code"] == 7 and lost["verdict"] == "failed" and took < 1, (lost, took)
    time.sleep(0.5)
    machine.run("systemd", "t.service", "monitor", code=7)


@on_systemd
def test_unit_ladder(site, machine):
    """A unit that does not heed its stop is killed by the second step."""
    machine.unit("s.service", "[Service]\nExecStart=/bin/sh -c \"trap '' TERM; "
                 "while :; do sleep 0.2; done\"\nTimeoutStopSec=600\n")
    del site
    machine.run("systemd", "s.service", "start")
    time.sleep(0.3)
    lines = machine.lines("--timeout", 1000, "--ladder", "agent,kill,fence", "systemd",
                          "s.service", "stop")
    assert lines[0]["end"] == "timeout" and lines[0]["next"] == "kill", lines
    assert lines[-1]["step"] == "kill" and lines[-1]["role"] == "stopped", lines


@on_systemd
def test_scope(site, machine):
    """What an agent leaves behind is in a scope, again after the next start, and dies by it."""
    site.agent("daemon", 'case $1 in\n'
               f'start) setsid env -i sleep 1000 & echo $! >{site.path("pid")};;\n'
               f'monitor) kill -0 $(cat {site.path("pid")}) 2>/dev/null || exit 7;;\n'
               'stop) exit 1;;\nesac\n')
    one = ["--ocf-root", site.path("ocf"), "--member", "web.dm", "ocf", "ocf:test:daemon"]
    for _ in range(2):      # the second start finds the scope there
        machine.run(*one, "start")
        pid = site.path("pid").read_text().strip()
        cgroup = (machine.root / f"proc/{pid}/cgroup").read_text()
        assert "/system.slice/ha-web.dm.scope" in cgroup, cgroup
    before = machine.systemctl("show", "-P", "Before", "ha-web.dm.scope")
    assert "haclusterd.service" in before, before
    lines = machine.lines("--ladder", "agent,kill,fence", *one, "stop")
    assert lines[-1]["step"] == "kill", lines
    assert not (machine.root / f"proc/{pid}/cmdline").exists()


@on_systemd
def test_systemd_goes_and_comes(site, machine):
    """A manager that executes itself anew breaks the connection; the watch goes on."""
    del site
    machine.unit("t.service", SLEEPER)
    machine.run("systemd", "t.service", "start")
    process = machine.start("--watch", 300, "--for", 6000, "--role", "started", "systemd",
                            "t.service", "monitor")
    assert json.loads(process.stdout.readline())["code"] == 0
    machine.systemctl("daemon-reexec", check=False)
    time.sleep(1.5)
    machine.systemctl("kill", "-s", "KILL", "t.service")
    codes = [json.loads(line)["code"] for line in process.stdout]
    assert codes and codes[-1] == 7, codes
