"""create-md refuses a disk with a file system in its way, and says what it found."""


def test(c):
    c.load()
    c.configure()
    c[0].run(["mkfs.ext4", "-q", "-F", c[0].disk()], timeout=120)
    c[0].refused("create-md", "r0", because="ext4")
    c[0].run(["e2fsck", "-f", "-n", c[0].disk()])       # nothing was written to it
    c[0].hadm("create-md", "--force", "r0")
    c[0].refused("create-md", "r0", because=("metadata", "already", "ha"))
    # a smaller file system keeps its place, and its files
    c[1].run(["mkfs.ext4", "-q", "-F", c[1].disk(), "200M"], timeout=120)
    c[1].hadm("create-md", "r0", check=False)
    c[1].run(["e2fsck", "-f", "-n", c[1].disk()])
    c[1].hadm("create-md", "--force", "r0")
    c.up()
    c.wait_connected()
    c[1].hadm("primary", "--force", "r0")
    c[1].run(["e2fsck", "-f", "-n", c[1].device()])
    c.wait_in_sync()
    c[1].hadm("secondary", "r0")
