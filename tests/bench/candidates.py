"""What is compared: how each gets its device up on the pair, from settings.py."""
# SPDX-License-Identifier: GPL-2.0-only
import re

import machines                 # first: it makes the scenarios' modules known
import settings
from cluster import Cluster, wait
from node import Node


class Candidate:
    """A device on the first machine; node2 has its copy, if any."""

    name = device = title = ""
    replicated = True
    only = None                 # cases it is measured in; None: all
    quick = True                # also in a short run

    def __init__(self, pair):
        self.pair, self.here, self.there = pair, pair.here, pair.there
        self.disk = pair.disk(self.name)

    def up(self):
        """From disks with equal data to a device that can be used, in sync."""

    def says(self):
        """Version and settings in force, as it reports them itself."""
        return ""

    # -- for resync.py: the copy away, back, and compared

    def degrade(self):
        raise NotImplementedError

    def rejoin(self):
        raise NotImplementedError

    def in_sync(self):
        raise NotImplementedError

    def verify(self, mib):
        """Begin to compare the first part; False: there is no such thing."""
        return False

    def verified(self):
        """After all of the part was read."""


class Raw(Candidate):
    name, title, replicated = "raw", "raw disk", False

    @property
    def device(self):
        return self.disk


class Linear(Raw):
    """What a layer costs that does nothing: the least that a device on top can."""

    name, title, device = "linear", "dm-linear", "/dev/mapper/linear"
    only = ("randwrite-1", "randwrite-32", "randread-32")

    def up(self):
        size = self.here.run(["blockdev", "--getsz", self.disk]).out.strip()
        self.here.run(["dmsetup", "create", "linear", "--table",
                       f"0 {size} linear {self.disk} 0"], env={"DM_DISABLE_UDEV": "1"})


class Ha(Candidate):
    name, title, device = "ha", "ha, connected", "/dev/ha1"
    minor = 1

    def __init__(self, pair):
        super().__init__(pair)
        disks = list(range(len(settings.DISKS)))
        self.cluster = Cluster([Node(one, one.name, disks, one.address, one.address6)
                                for one in pair.machines])
        for node in self.cluster:
            node.config = f"/tmp/{self.name}.conf"
        self.text = self.cluster.resource(self.resource, self.minor, net=settings.HA_NET)

    @property
    def resource(self):
        return self.name

    def up(self):
        self.cluster.ready(self.text)
        self.cluster[0].hadm("primary", self.resource)

    def degrade(self):
        self.cluster[0].hadm("disconnect", self.resource)

    def rejoin(self):
        self.cluster[0].hadm("connect", self.resource)

    def in_sync(self):
        return self.cluster.in_sync(self.resource)

    def says(self):
        return self.text + self.cluster[0].hadm("--version", check=False).out


class HaAlone(Ha):
    """Its peer was there and is not any more: every write also sets bits."""

    name, title, device, minor = "ha-alone", "ha, disconnected", "/dev/ha2", 2
    replicated = False

    def up(self):
        super().up()
        for node in self.cluster:
            node.hadm("disconnect", self.resource)


class Drbd(Candidate):
    name, title, device, port = "drbd", "DRBD 8.4", "/dev/drbd0", 7900

    def up(self):
        for one in self.pair.machines:
            one.run(f"dd of=/tmp/{self.name}.conf status=none", stdin=settings.DRBD %
                    {"name": self.name, "disk": self.disk, "device": self.device,
                     "port": self.port})
            one.run("modprobe drbd usermode_helper=/bin/true")
            self.adm(one, "create-md", "--force", self.name)
            self.adm(one, "up", self.name)
        wait(lambda: "Connected" in self.adm(self.here, "cstate", self.name).out, 60,
             "DRBD connected")
        self.adm(self.here, "new-current-uuid", "--clear-bitmap", f"{self.name}/0")
        wait(self.in_sync, 60, "DRBD in sync")
        self.adm(self.here, "primary", self.name)

    def adm(self, one, *words):
        return one.run(["drbdadm", "-c", f"/tmp/{self.name}.conf", *words])

    def in_sync(self):
        return self.adm(self.here, "dstate", self.name).out.strip() == "UpToDate/UpToDate"

    def degrade(self):
        self.adm(self.here, "disconnect", self.name)

    def rejoin(self):
        self.adm(self.here, "connect", self.name)

    def verify(self, mib):
        self.here.run(["drbdsetup", "verify", "0", "--start=0", f"--stop={mib * 2048}s"])
        return True

    def verified(self):
        wait(lambda: "Connected" in self.adm(self.here, "cstate", self.name).out, 60,
             "DRBD's verify ended")

    def says(self):
        return self.here.run("cat /proc/drbd; drbdsetup show").out


class DrbdAlone(Drbd):
    """What ha-alone is beside."""

    name, title, device, port = "drbd-alone", "DRBD 8.4, disconnected", "/dev/drbd1", 7901
    replicated = False
    only = ("randwrite-1", "randwrite-32")

    def up(self):
        super().up()
        for one in self.pair.machines:
            self.adm(one, "disconnect", self.name)


class Md(Candidate):
    """RAID1 of the own disk and one that comes over the network."""

    def remote(self):
        """Make the other machine's disk appear on this one; its path."""
        raise NotImplementedError

    def up(self):
        self.leg = self.remote()
        wait(lambda: self.here.run(["test", "-b", self.leg], check=False), 30, self.leg)
        self.here.run("modprobe raid1 && " + settings.MD_LIMIT)
        self.here.run(settings.MD_CREATE %
                      {"md": self.device, "here": self.disk, "there": self.leg},
                      env={"MDADM_NO_UDEV": "1"})

    def set(self, name, value):
        self.here.run(f"echo {value} > {self.attributes}/{name}")

    def get(self, name):
        return self.here.run(["cat", f"{self.attributes}/{name}"]).out.strip()

    @property
    def attributes(self):
        return f"/sys/block/{self.device.removeprefix('/dev/')}/md"

    def dirty_bits(self):
        text = self.here.run(["mdadm", "--examine-bitmap", self.disk]).out
        return int(re.search(r"chunks\), (\d+) dirty", text).group(1))

    def degrade(self):
        # a new array has all bits set for a while; with them all would be copied
        wait(lambda: not self.dirty_bits(), 60, "the bitmap's bits are cleared")
        self.manage("--fail")
        self.manage("--remove")

    def manage(self, what):
        """As soon as it can: a leg that has just failed is still in use."""
        wait(lambda: self.here.run(["mdadm", self.device, what, self.leg], check=False,
                                   env={"MDADM_NO_UDEV": "1"}), 20, f"mdadm {what}")

    def rejoin(self):
        self.manage("--re-add")

    def in_sync(self):
        return self.get("degraded") == "0" and self.get("sync_action") == "idle"

    def verify(self, mib):
        self.set("sync_min", 0)
        self.set("sync_max", mib * 2048)
        self.set("sync_action", "check")
        return True

    def verified(self):
        self.set("sync_action", "idle")
        self.set("sync_max", "max")

    def says(self):
        return self.here.run(f"cat /proc/mdstat; mdadm --detail {self.device}; "
                             f"mdadm --examine-bitmap {self.disk}").out


class MdNvme(Md):
    name, title, device = "md-nvme", "md RAID1, NVMe/TCP", "/dev/md1"

    def remote(self):
        names = {"nqn": settings.NVME_NQN, "disk": self.disk, "cpus": self.pair.cpus}
        self.there.run(settings.NVMET % names)
        self.here.run(settings.NVME_CONNECT % names)
        return "/dev/nvme0n1"


class MdNbd(Md):
    name, title, device = "md-nbd", "md RAID1, NBD", "/dev/md2"
    quick = False               # no goal is about it, and beside it each run takes 25 s

    def remote(self):
        self.there.run("dd of=/tmp/nbd.conf status=none", stdin=settings.NBD_SERVER %
                       {"disk": self.disk})
        self.there.run("nbd-server -C /tmp/nbd.conf")
        self.here.run(settings.NBD_CONNECT)
        return "/dev/nbd0"


ALL = [Raw, Linear, Ha, HaAlone, Drbd, DrbdAlone, MdNvme, MdNbd]
__all__ = ["ALL", "machines"]
