"""Two machines for figures: disks on tmpfs, one network, a probe on the second."""
# SPDX-License-Identifier: GPL-2.0-only
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "vm"))

import counters                     # noqa: E402
import machine                      # noqa: E402
import network                      # noqa: E402
import settings                     # noqa: E402

PROBE = "/ha/build/bench/probe"
PEER = "10.77.0.2"
BASE = "/dev/shm"                   # memory: no writeback of the host in the figures


class BenchMachine(machine.Machine):
    """The machine of the scenarios, with another number of CPUs."""

    cpus = 1
    plugin = None                   # of QEMU, that counts instructions

    @property
    def counter(self):
        return self.directory / "instructions"

    def _command(self):
        words = super()._command()
        words[words.index("-smp") + 1] = str(self.cpus)
        words[words.index("-m") + 1] = str(settings.MEMORY)
        if self.plugin:
            words += ["-plugin", f"{self.plugin},{self.counter}=on"]
        return words


class Pair:
    """Both machines, running, and what only the host can do to them."""

    def __init__(self, kernel, cpus, plugin=None):
        self.release, self.cpus = kernel.release, cpus
        self.directory = tempfile.mkdtemp(prefix="ha-bench-", dir=BASE)
        self.network = network.Network(2)
        disks = [settings.SIZE] * len(settings.DISKS)
        self.machines = []
        for number in (1, 2):
            one = BenchMachine(number, kernel, self.directory, self.network, disks)
            one.cpus, one.plugin = cpus, plugin
            self.machines.append(one)
        self.here, self.there = self.machines

    def boot(self):
        self.fill()
        for one in self.machines:
            one.power_on()
        for one in self.machines:
            one.wait_booted()
            one.run("modprobe configfs && mount -t configfs configfs "
                    "/sys/kernel/config; mkdir -p /run/nvme /var/lib/drbd /run/drbd "
                    "/run/mdadm")
        self.there.start(f"exec {PROBE} serve {settings.PROBE_PORT}").wait_line(1)
        self.offset = counters.clock_offset(self.here)

    def fill(self):
        """The same data at the start of all disks, so none of them is a hole."""
        block = os.urandom(settings.MIB)
        for one in self.machines:
            for index, name in enumerate(settings.DISKS):
                if one is self.there and name in settings.ONE_SIDED:
                    continue
                with open(one.image(index), "r+b") as file:
                    for _ in range(settings.FILLED):
                        file.write(block)

    def disk(self, name):
        """Its path, the same on both machines."""
        return self.here.disk(settings.DISKS.index(name))

    def punch(self, name):
        """Give the wide part's memory back; on both sides, so they stay equal."""
        first = settings.FILLED
        for one in self.machines:
            subprocess.run(["fallocate", "--punch-hole", "--offset", f"{first}MiB",
                            "--length", f"{settings.WIDE - first}MiB",
                            str(one.image(settings.DISKS.index(name)))], check=True)

    def probe(self, *words, timeout=60):
        command = [PROBE, words[0], PEER, str(settings.PROBE_PORT), *map(str, words[1:])]
        return json.loads(self.here.run(command, timeout=timeout).out)

    def close(self):
        for one in self.machines:
            one.kill()
            one.volatile.close()
        self.network.close()
        shutil.rmtree(self.directory, ignore_errors=True)
