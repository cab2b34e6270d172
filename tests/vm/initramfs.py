"""Build, once per kernel, the small initramfs that puts a guest on the host's files."""
# SPDX-License-Identifier: GPL-2.0-only
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile

MODULES = ["virtio_pci", "virtio_blk", "virtio_net", "virtio_console",
           "9pnet_virtio", "9p", "overlay"]

# The host's root is the lower, read-only layer of the guest's; what a scenario
# writes goes to the tmpfs above it and is gone with the machine.
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /low /up /new
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
for module in $(/bin/busybox cat /modules); do
	/bin/busybox insmod "/lib/$module" || /bin/busybox echo "insmod $module failed"
done
share=trans=virtio,version=9p2000.L,msize=262144,ro
/bin/busybox mount -t 9p -o $share,cache=loose host /low
/bin/busybox mount -t tmpfs -o size=75% tmpfs /up
/bin/busybox mkdir /up/data /up/work
/bin/busybox mount -t overlay -o lowerdir=/low,upperdir=/up/data,workdir=/up/work root /new
/bin/busybox mkdir -p /new/proc /new/sys /new/dev /new/run /new/tmp /new/mnt /new/ha
/bin/busybox mount -t 9p -o $share,cache=loose checkout /new/ha
for dir in proc sys dev; do
	/bin/busybox mount --move /$dir /new/$dir
done
exec /bin/busybox switch_root /new /bin/sh /ha/tests/vm/guest-init
"""


def cache_dir():
    """Where built initramfs files stay between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or "/var/cache"
    path = pathlib.Path(base) / "ha-test"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _module_files(release):
    """Files of MODULES and of all they need, in the order to load them."""
    base = pathlib.Path("/lib/modules") / release
    if not base.exists():           # all are built in
        return []
    needs, by_name = {}, {}
    for line in (base / "modules.dep").read_text().splitlines():
        path, _, rest = line.partition(":")
        needs[path] = rest.split()
        by_name[pathlib.Path(path).name.split(".")[0].replace("-", "_")] = path
    order = []
    for module in MODULES:
        path = by_name.get(module)
        if path is None:        # built in
            continue
        for file in [*reversed(needs[path]), path]:
            if file not in order:
                order.append(file)
    return [base / file for file in order]


def _unpack(source, target):
    if source.suffix == ".xz":
        target.write_bytes(subprocess.run(["xz", "-dc", source], check=True,
                                          stdout=subprocess.PIPE).stdout)
    else:
        shutil.copy(source, target)


def _pack(root, target):
    """Write the tree as a cpio archive; the name appears only when it is whole."""
    files = "\n".join(["."] + [str(p.relative_to(root)) for p in root.rglob("*")])
    part = target.with_suffix(f".{os.getpid()}")
    with open(part, "wb") as out:
        subprocess.run(["cpio", "-o", "-H", "newc", "--quiet", "-R", "0:0"], cwd=root,
                       input=files.encode(), stdout=out, check=True)
    os.replace(part, target)


def build(release):
    """Path of the initramfs for a kernel, built when it is not in the cache."""
    version = hashlib.sha256((INIT + repr(MODULES)).encode()).hexdigest()[:8]
    dep = pathlib.Path("/lib/modules") / release / "modules.dep"
    stamp = int(dep.stat().st_mtime) if dep.exists() else 0
    target = cache_dir() / f"initramfs-{release}-{stamp}-{version}.cpio"
    if target.exists():
        return target
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for directory in ("bin", "lib", "dev"):
            (root / directory).mkdir()
        shutil.copy("/bin/busybox", root / "bin/busybox")
        names = []
        for file in _module_files(release):
            plain = file.name.removesuffix(".xz")
            _unpack(file, root / "lib" / plain)
            names.append(plain)
        (root / "modules").write_text("\n".join(names) + "\n")
        (root / "init").write_text(INIT)
        (root / "init").chmod(0o755)
        _pack(root, target)
    return target
