"""Members of services on devices of a pair, by ex-run; the agent ocf:ha:device.

    members.py [STEP]...
"""
# SPDX-License-Identifier: GPL-2.0-only
import argparse
import json
import os
import time

import guest
import tally
from bench import Bench
from cluster import wait

BIN = "/srv/cluster/exec/build/bin"
TIME = 500
STEPS = ["probe_and_grade", "promote_and_demote", "lost_peer", "events", "killed_openers",
         "killed_holders", "forced_demotion", "agent", "scores", "ocf_tester"]


class Members(Bench):
    """Each method without an underscore in front is a step."""

    def lifecycle(self):
        self.make()
        for node in self.c:
            # hadm as the executor calls it, with this end's configuration
            node.write_file(f"/tmp/hadm-{node.name}",
                            f"#!/bin/sh\nHADM_HOST={node.name} exec {guest.node.TOOLS}/hadm/"
                            f"hadm -c {node.config} \"$@\"\n")
            node.run(["chmod", "755", f"/tmp/hadm-{node.name}"])
        self.kernel.run("mkdir -p /tmp/ocf/resource.d && ln -s /usr/lib/ocf/lib /tmp/ocf/lib "
                        "&& ln -s /srv/agents/ocf /tmp/ocf/resource.d/ha")

    # -- ex-run

    def _words(self, node, *words):
        return [f"{BIN}/ex-run", "--grace", "1000", "--hadm", f"/tmp/hadm-{node.name}",
                "--ocf-root", "/tmp/ocf", "--member", f"dev-{node.name}", *map(str, words)]

    def _answers(self, node, *words):
        result = node.run(self._words(node, *words), check=False, timeout=120)
        answers = [json.loads(line) for line in result.out.splitlines()]
        assert answers, result
        return answers

    def _do(self, node, action, code=0, *words):
        answer = self._answers(node, "--timeout", 60000, *words, "storage", "r0", action)[-1]
        assert answer["end"] == "done" and answer["code"] == code, answer
        return answer

    def _ocf(self, node, action, code=0, *words):
        answer = self._answers(node, "--timeout", 60000, *words, "ocf", "ocf:ha:device", action,
                               "resource=r0", f"hadm=/tmp/hadm-{node.name}")[-1]
        assert answer["end"] == "done" and answer["code"] == code, answer
        return answer

    # -- steps, storage

    def probe_and_grade(self):
        one, two = self.ends()
        self._do(one, "stop")
        self._do(one, "stop")
        answer = self._do(one, "monitor", 7)
        assert answer["role"] == "stopped", answer
        self._do(one, "start")
        self._do(one, "start")
        self.c.wait_in_sync()
        for node in (one, two):
            facts = self._do(node, "monitor")["facts"]
            assert facts["grade"] == 4 and facts["unknown"] == [], facts
            assert facts["role"] == "Secondary" and len(facts["generation"]) == 16, facts

    def promote_and_demote(self):
        one, two = self.ends()
        self._do(one, "promote")
        self._do(one, "promote")
        answer = self._do(one, "monitor", 8, "--role", "promoted")
        assert answer["verdict"] == "fine" and answer["facts"]["role"] == "Primary", answer
        answer = self._do(two, "promote", 1)
        assert "primary" in answer["reason"].lower(), answer
        self._do(one, "demote")
        self._do(one, "demote")
        self._do(one, "monitor")

    def lost_peer(self):
        """What this node alone knows lowers its grade."""
        one, two = self.ends()
        one.hadm("disconnect", "r0")
        facts = self._do(one, "monitor")["facts"]
        assert facts["grade"] == 3 and facts["unknown"] == [two.name], facts
        one.hadm("connect", "r0")
        self.c.wait_in_sync()

    def events(self):
        """Without any interval each change is told, in a moment."""
        one, _ = self.ends()
        job = one.start(" ".join(self._words(one, "--watch", 0, "--for", 12000, "storage", "r0",
                                             "monitor")))
        job.wait_line(1)
        for verb, code, role in (("primary", 8, "Primary"), ("secondary", 0, "Secondary")):
            lines, began = len(job.lines), time.monotonic()
            one.hadm(verb, "r0")
            job.wait_line(lines + 1, 10)
            took = time.monotonic() - began
            wait(lambda: json.loads(job.lines[-1])["facts"]["role"] == role, 5, role)
            assert json.loads(job.lines[-1])["code"] == code, job.lines[-1]
            assert took < 5, took
        lines = len(job.lines)
        one.hadm("disconnect", "r0")
        job.wait_line(lines + 1, 10)
        wait(lambda: json.loads(job.lines[-1])["facts"]["grade"] == 3, 5, "the grade is told")
        one.hadm("connect", "r0")
        assert job.wait(60) == 0
        self.c.wait_in_sync()

    # -- steps, the ladder

    def _ladder(self, node, *words):
        answers = self._answers(node, "--timeout", 8000, "--ladder",
                                "agent,kill,demote-force,fence", "--storage", "r0", *words)
        return answers[-1], [one.get("next", one.get("step")) for one in answers]

    def killed_openers(self):
        """A device that is open is stopped when who has it open was killed."""
        one, _ = self.ends()
        self._do(one, "promote")
        job = one.start(f"exec 5<{one.device()}; exec sleep 1000")
        time.sleep(1)
        end, steps = self._ladder(one, "storage", "r0", "stop")
        assert steps == ["kill", "kill"] and end["role"] == "stopped", (steps, end)
        assert not job.running()
        self._do(one, "start")
        self.c.wait_in_sync()

    def _mount(self, node):
        what = [f"device={node.device()}", "directory=/mnt"]
        self._do(node, "promote")
        node.run(["mkfs.ext4", "-q", "-F", node.device()], timeout=120)
        answer = self._answers(node, "mount", "-", "start", *what)[-1]
        assert answer["code"] == 0, answer
        return what

    def killed_holders(self):
        one, _ = self.ends()
        what = self._mount(one)
        job = one.start("cd /mnt && exec sleep 1000")
        time.sleep(1)
        end, steps = self._ladder(one, "mount", "-", "stop", *what)
        assert steps == ["kill", "kill"] and end["role"] == "stopped", (steps, end)
        assert not job.running()
        self._do(one, "demote")

    def forced_demotion(self):
        """Who sleeps in the device's I/O cannot be killed; forced demotion wakes it up."""
        one, _ = self.ends()
        what = self._mount(one)
        one.run("dd if=/dev/zero of=/mnt/f bs=64k count=16 conv=fsync status=none")
        one.hadm("suspend-io", "r0")
        job = one.start("exec dd if=/dev/zero of=/mnt/f bs=64k count=16 conv=notrunc,fsync "
                        "status=none")
        time.sleep(2)
        assert job.running()
        end, steps = self._ladder(one, "mount", "-", "stop", *what)
        assert steps[-1] == "demote-force" and end["role"] == "stopped", (steps, end)
        assert not one.run(["mountpoint", "-q", "/mnt"], check=False)
        wait(lambda: not job.running(), 20, "the writer has gone")
        assert one.role() == "Secondary", one.status()
        one.hadm("resume-io", "r0", check=False)
        self.c.wait_in_sync()

    # -- steps, the agent

    def agent(self):
        """ocf:ha:device through its life."""
        one, two = self.ends()
        self._ocf(one, "stop")
        answer = self._ocf(one, "monitor", 7)
        assert answer["role"] == "stopped", answer
        self._ocf(one, "start")
        self.c.wait_in_sync()
        self._ocf(one, "promote")
        answer = self._ocf(one, "monitor", 8)
        assert answer["role"] == "promoted", answer
        answer = self._answers(two, "--timeout", 8000, "ocf", "ocf:ha:device", "promote",
                               "resource=r0", f"hadm=/tmp/hadm-{two.name}")[-1]
        assert answer["code"] == 1 and "primary" in answer["reason"].lower(), answer
        self._ocf(one, "demote")
        self._ocf(one, "monitor")
        self._ocf(one, "notify")
        self._ocf(one, "validate-all")
        self._ocf(one, "validate-all", 6, "--meta", "promoted-max=2")

    def scores(self):
        """The score follows the disks: seen by the command that agents ask."""
        one, _ = self.ends()
        job = one.start(" ".join(self._words(one, "--shim", "/tmp/shim", "--linger", 600000,
                                             "ocf", "ocf:ha:device", "monitor", "resource=r0",
                                             f"hadm=/tmp/hadm-{one.name}")))
        try:
            job.wait_line(1, 30)
            self._expect_score(one, "10000")
            one.hadm("disconnect", "r0")
            self._notify(one)
            self._expect_score(one, "1000")
            one.hadm("connect", "r0")
            self.c.wait_in_sync()
            one.hadm("invalidate", "r0")
            self.c.wait_in_sync()
            one.hadm("detach", "r0")
            self._notify(one)
            self._expect_score(one, "10")
            one.hadm("disconnect", "r0")
            self._notify(one)
            self._expect_score(one, "")
            one.hadm("down", "r0")
            one.hadm("up", "r0")
            self.c.wait_in_sync()
            self._notify(one)
            self._expect_score(one, "10000")
        finally:
            job.stop()

    def _environment(self, node):
        return (f"OCF_ROOT=/tmp/ocf HA_SBIN_DIR={BIN}/shim-dir HA_SHIM_SOCKET=/tmp/shim "
                f"OCF_RESOURCE_INSTANCE=dev-{node.name} OCF_RESKEY_crm_feature_set=3.16.2 "
                f"OCF_RESKEY_resource=r0 OCF_RESKEY_hadm=/tmp/hadm-{node.name}")

    def _notify(self, node):
        node.run(f"{self._environment(node)} /srv/agents/ocf/device notify")

    def _score(self, node):
        return node.run(f"{self._environment(node)} {BIN}/shim-dir/crm_attribute -p -G -q "
                        "2>/dev/null", check=False).out.strip()

    def _expect_score(self, node, wanted):
        found = self._score(node)
        assert found == wanted, f"score {found}, not {wanted}: {node.status()}"

    def ocf_tester(self):
        """ocf-tester of Debian's resource-agents has no complaint."""
        one, _ = self.ends()
        result = one.run(["ocf-tester", "-v", "-n", "dev", "-o", "resource=r0", "-o",
                          f"hadm=/tmp/hadm-{one.name}", "/srv/agents/ocf/device"], check=False,
                         timeout=240)
        assert result.rc == 0 and "passed all tests" in result.out, (result.out, result.err)
        one.hadm("up", "r0")
        self.c.wait_in_sync()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    run = tally.Steps(guest.KernelLog(), Members(0), TIME)
    run.attempt("lifecycle", run.steps.lifecycle)
    for name in args.steps or STEPS:
        run.step(name)
    run.unload(run.steps.kernel, run.steps.down)
    if "-fast" not in os.environ.get("HA_BUILD", ""):
        run.result("leaks", tally.leaks())
    run.sum()


if __name__ == "__main__":
    main()
