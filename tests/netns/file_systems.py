"""ext4 and xfs live on the device, and their files are on the peer after a move."""

SUM = "cd /mnt && find . -type f | sort | xargs b2sum"


def one(c, make, check):
    c[0].hadm("primary", "r0")
    c[0].run(f"{make} {c[0].device()}", timeout=120)
    c[0].run(["mount", c[0].device(), "/mnt"])
    c[0].run("cp -r /usr/share/perl5/Debian* /mnt/ 2>/dev/null; "
             "dd if=/dev/urandom of=/mnt/big bs=1M count=30 status=none && "
             "rm -rf /mnt/lost+found && fstrim /mnt && sync", timeout=120)
    sums = c[0].run(SUM, timeout=60).out
    assert "big" in sums
    c[0].run("umount /mnt")
    c[0].hadm("secondary", "r0")
    c[1].hadm("primary", "r0")
    c[1].run(f"{check} {c[1].device()}", timeout=120)
    c[1].run(["mount", c[1].device(), "/mnt"])
    found = c[1].run(SUM, timeout=60).out
    c[1].run("umount /mnt")
    assert found == sums, "the files differ on the peer"
    c[1].hadm("secondary", "r0")


def test(c):
    c.ready()
    one(c, "mkfs.ext4 -q -F", "e2fsck -f -n")
    one(c, "mkfs.xfs -q -f", "xfs_repair -n")
