"""Machines and the wire between them: booted when needed, kept while clean."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import random
import shutil
import tempfile

import cluster
import machine
import network
import oracle


class Lab:
    """Machines of one kernel, booted when needed, kept while they are clean.

    The first two can have data, others are in their network.
    """

    def __init__(self, kernel, disks=machine.DISKS, machines=2):
        self.release = kernel.release
        self.seed = int(os.environ.get("SEED") or random.randrange(1 << 20))
        self.directory = tempfile.mkdtemp(prefix="ha-test-", dir="/var/tmp")
        self.network = network.Network(machines)
        self.machines = [machine.Machine(number, kernel, self.directory, self.network,
                                         disks, self.seed + number)
                         for number in range(1, machines + 1)]
        self.cluster = self.mark = None     # of the scenario that runs

    def prepare(self, count, processors=None):
        """The first machines running, all disks zeroed, links whole; their cluster."""
        wanted = self.machines[:count]
        for one in wanted:
            one.have_processors(processors)
        asleep = [m for m in wanted if not m.alive()]
        for one in wanted:
            one.join()
            if one.alive():
                one.run("dmsetup remove_all -f; dmesg -C")
            for index in range(len(one.disks)):
                one.wipe_disk(index)
        for one in asleep:
            one.kill()
            one.power_on()
        for one in asleep:
            one.wait_booted()
        self.cluster = cluster.pair_in_one(wanted[0]) if count == 1 \
            else cluster.pair_of_machines(*wanted[:2])
        self.cluster.random = random.Random(self.seed)
        self.mark = oracle.ConsoleMark(self.machines)
        return self.cluster

    def reset(self):
        for one in self.machines:
            one.kill()

    def close(self):
        self.reset()
        for one in self.machines:
            one.volatile.close()
        self.network.close()
        shutil.rmtree(self.directory, ignore_errors=True)
