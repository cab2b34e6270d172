"""The steps: each begins and ends with both ends in sync and Secondary."""
# SPDX-License-Identifier: GPL-2.0-only
import time

from bench import DISK, Bench
from cluster import wait
from reader import Reader


class Steps(Bench):
    """Each method is a step."""

    def lifecycle(self):
        self.make()
        for node in self.c:
            node.hadm("down", "r0")
        self.c.up()
        self.c.wait_in_sync()

    def file_system(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        one.run(["mkfs.ext4", "-q", "-F", one.device()], timeout=120)
        one.run(f"mount {one.device()} /mnt && cp -r /srv/kernel /mnt/ && sync && "
                "umount /mnt")
        one.hadm("secondary", "r0")
        two.hadm("primary", "r0")
        two.run(f"fsck.ext4 -fn {two.device()} && mount {two.device()} /mnt && "
                "diff -r /srv/kernel /mnt/kernel; rc=$?; rm -rf /mnt/kernel; "
                "fstrim /mnt; umount /mnt; exit $rc", timeout=120)
        two.hadm("secondary", "r0")
        self.c.wait_in_sync()
        self.c.assert_equal()

    def fio(self):
        node, _ = self.ends()
        node.hadm("primary", "r0")
        node.run(["fio", "--name=j", f"--filename={node.device()}", "--rw=randwrite",
                  "--bsrange=512-256k", "--direct=1", "--ioengine=libaio", "--thread",
                  "--iodepth=16", "--size=16M", "--fsync=32", "--runtime=8",
                  "--time_based", f"--randseed={self.seed + 1}"], timeout=60)
        node.hadm("secondary", "r0")
        self.c.assert_equal()

    def roles(self):
        for _ in range(4):
            one, two = self.ends()
            one.hadm("primary", "r0")
            two.refused("primary", "r0", because="primary")
            one.fill(one.device(), 1, offset=self.random.randrange(16))
            one.hadm("secondary", "r0")
        self.c.assert_equal()

    def link_cut(self):
        """The cable is pulled under load, and plugged in again."""
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        one.run("ip link set v down")
        self.c.wait_lost(timeout=60)
        writer.wait_more(self.random.randrange(100))
        one.run("ip link set v up")
        self.c.wait_connected()
        self.settle(writer, one, two)

    def link_lossy(self):
        """Packets vanish in both directions; soon both are back."""
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        self.c.cut()
        time.sleep(self.random.random() * 5)
        self.c.join()
        self.settle(writer, one, two)

    def reconnect(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        for _ in range(3):
            node, _ = self.ends()
            node.hadm("disconnect", "r0")
            time.sleep(self.random.random() * 0.3)
            node.hadm("connect", "r0")
            time.sleep(self.random.random())
        self.settle(writer, one, two)

    def invalidate(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        self.slow_resync(one, two)
        one.refused("detach", "r0", because="good data")
        self.full_speed()
        self.settle(writer, one, two)

    def invalidate_remote(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        one.hadm("invalidate-remote", "r0")
        wait(lambda: two.disk_state() == "Inconsistent" or self.c.in_sync(), 20,
             "the peer is invalidated")
        self.settle(writer, one, two)

    def pause(self):
        one, two = self.ends()
        self.slow_resync(one, two)
        for node in self.ends():
            node.hadm("pause-sync", "r0")
            wait(lambda: one.peer()["replication"].startswith("Paused"), 20, "paused")
            one.hadm("primary", "r0")
            one.fill(one.device(), 2, offset=self.random.randrange(16))
            one.hadm("secondary", "r0")
            node.hadm("resume-sync", "r0")
            wait(lambda: one.peer()["replication"] == "SyncSource", 20, "goes on")
        self.full_speed()
        self.c.wait_in_sync()
        self.c.assert_equal()

    def resync_cut(self):
        """A resync under load is interrupted and goes on where it was."""
        one, two = self.ends()
        self.slow_resync(one, two)
        one.hadm("primary", "r0")
        writer = self.load(one)
        for _ in range(3):
            node, _ = self.ends()
            node.hadm("disconnect", "r0")
            node.hadm("connect", "r0")
            time.sleep(self.random.random())
        self.full_speed()
        self.settle(writer, one, two)

    def resync_down(self):
        """down of source, then of target, while a resync runs."""
        for number in (0, 1):
            self.slow_resync(*self.c)
            self.c[number].hadm("down", "r0", timeout=15)
            self.c[number].hadm("up", "r0")
            self.full_speed()
            self.c.wait_in_sync()
            self.c.assert_equal()

    def secondary_disk(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        two.break_disk()
        wait(lambda: two.disk_state() in ("Diskless", "Failed"), 30, "two detaches")
        writer.wait_more(50)
        two.heal_disk()
        two.hadm("attach", "r0")
        self.settle(writer, one, two)

    def primary_disk(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        one.break_disk()
        wait(lambda: one.disk_state() in ("Diskless", "Failed"), 30, "one detaches")
        writer.wait_more(50)
        one.heal_disk()
        one.hadm("attach", "r0")
        self.settle(writer, one, two)

    def detach(self):
        """detach and attach again under load, on the Primary and its peer."""
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        for node in (two, one):
            node.hadm("detach", "r0")
            writer.wait_more(20)
            node.hadm("attach", "r0")
            self.c.wait_in_sync()
        self.settle(writer, one, two)

    def attach_reads(self):
        """The disk of a Primary returns beside a reader: nothing old is read."""
        one, _ = self.ends()
        one.hadm("primary", "r0")
        for _ in range(4):
            one.hadm("detach", "r0")
            one.fill(one.device(), 1)
            reads = Reader(one.device(), 64 << 10)
            one.hadm("attach", "r0")
            self.c.wait_in_sync()
            reads.stop()
        one.hadm("secondary", "r0")
        self.c.assert_equal()

    def suspend(self):
        one, two = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        one.hadm("suspend-io", "r0")
        count = writer.count()
        time.sleep(1)
        assert writer.count() <= count + 4, "writes ended while I/O is suspended"
        one.hadm("resume-io", "r0")
        writer.wait_more(10)
        self.settle(writer, one, two)

    def split_brain(self):
        one, two = self.ends()
        for node in self.c:
            node.hadm("disconnect", "r0")
        writers = []
        for node in (one, two):
            node.hadm("primary", "r0")
            writers.append(self.load(node))
            writers[-1].stop()
        one.hadm("connect", "r0")
        two.hadm("connect", "r0")
        for node in self.c:
            wait(lambda: node.connection() == "StandAlone", 30, "split brain is noticed")
        two.hadm("secondary", "r0")
        two.hadm("connect", "--discard-my-data", "r0")
        one.hadm("connect", "r0")
        self.c.wait_connected()
        self.settle(writers[0], one, two)

    def force_primary(self):
        """Two new replicas, one is promoted by force; a full resync follows."""
        self.unmake()
        self.c.create()
        self.c.up()
        self.c.wait_connected()
        one, two = self.ends()
        one.refused("primary", "r0", because="inconsistent")
        one.hadm("primary", "--force", "r0")
        writer = self.load(one)
        self.settle(writer, one, two)

    def openers(self):
        """A forced demotion under load: errors for who has it open, then all is well."""
        one, _ = self.ends()
        one.hadm("primary", "r0")
        writer = self.load(one)
        one.refused("secondary", "r0", because=("open", "in use"))
        one.hadm("secondary", "--force", "r0")
        writer.job.wait(30)
        assert writer.errors(), "the writer saw no error"
        self.c.wait_in_sync()
        self.c.assert_equal()

    def two_resources(self):
        self.unmake()
        self.c.configure(self.c.resource("r0", 0, disk=DISK, backing=self.backing) +
                         self.c.resource("r1", 1, disk=DISK))
        self.c.create()
        self.c.up()
        for name in ("r0", "r1"):
            self.c.wait_connected(name)
            self.c[0].hadm("skip-initial-sync", name)
            self.c.wait_in_sync(name)
        self.c[0].hadm("primary", "r0")
        self.c[1].hadm("primary", "r1")
        one, two = self.load(self.c[0]), self.load(self.c[1], index=1)
        self.c[0].hadm("disconnect", "r0")
        two.wait_more(50)
        self.c[0].hadm("connect", "r0")
        two.stop()
        self.c[1].hadm("secondary", "r1")
        self.c.assert_equal("r1")
        self.settle(one, *self.c)
        self.unmake()
        self.make()


MIDDLE = ["file_system", "fio", "roles", "link_cut", "link_lossy", "reconnect",
          "invalidate", "invalidate_remote", "pause", "resync_cut", "resync_down",
          "secondary_disk", "primary_disk", "detach", "attach_reads", "suspend",
          "split_brain", "force_primary", "openers"]
