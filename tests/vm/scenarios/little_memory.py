"""Many dirty pages and little free memory: write-back through the device ends."""

LEAVE_MIB = 260        # the guest's programs come from 9p: they need their pages
TIMEOUT = 400


def test(c):
    c.ready()
    c[0].hadm("primary", "r0")
    for node in c:
        free = int(node.run("awk '/MemAvailable/ { print int($2 / 1024) }' "
                            "/proc/meminfo").out)
        node.run(f"mount -t tmpfs -o size=90% hog /mnt && "
                 f"dd if=/dev/zero of=/mnt/hog bs=1M count={max(1, free - LEAVE_MIB)} "
                 "status=none")
    c[0].run("sysctl -qw vm.dirty_ratio=50 vm.dirty_background_ratio=40")
    c[0].run(["dd", "if=/dev/urandom", f"of={c[0].device()}", "bs=1M", "count=200",
              "conv=fsync", "status=none"], timeout=150)
    for node in c:
        node.run("umount /mnt")
    c[0].run("sysctl -qw vm.dirty_ratio=20 vm.dirty_background_ratio=10")
    c[0].hadm("secondary", "r0")
