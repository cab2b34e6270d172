"""The kernels that machines boot: those of Debian, and one that is made to find races."""
# SPDX-License-Identifier: GPL-2.0-only
import pathlib
import re
import subprocess

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
SMP = "smp"         # two processors, lockdep and KCSAN; see scripts/vm-kernel
PATIENCE = 4        # how much longer things may take there

# What is freed is filled with 0x6b, and looked at when it is used again.  KCSAN looks
# at more accesses, and longer, than it could if the whole kernel were instrumented.
# On a busy host no tick may come while the kernel looks whether the timer's interrupt
# does, which is a panic at boot.
CHECKS = ("slab_debug=FZP kcsan.skip_watch=100 kcsan.udelay_task=120 "
          "kcsan.udelay_interrupt=40 no_timer_check ")

patience = 1        # of the kernel in use; times in scenarios are multiplied by it


class Kernel:
    """What is booted, on how many processors."""

    def __init__(self, release, image, processors=1):
        self.release, self.image, self.processors = release, image, processors
        self.checked = processors > 1
        self.options = CHECKS if self.checked else ""


def debian(series):
    """The newest installed plain kernel of a series such as 6.12."""
    found = []
    for image in pathlib.Path("/boot").glob(f"vmlinuz-{series}.*"):
        release = image.name.removeprefix("vmlinuz-")
        if not re.search(r"-(rt|cloud)", release):
            key = [int(n) for n in re.findall(r"\d+", release)]
            found.append((key, release, image))
    if not found:
        raise SystemExit(f"no kernel {series} installed; run scripts/setup demo")
    return Kernel(*max(found)[1:])


def smp():
    """The kernel with checkers, and ha.ko for it: built when they are not there."""
    result = subprocess.run([CHECKOUT / "scripts" / "vm-kernel"], text=True,
                            stdout=subprocess.PIPE, check=False)
    if result.returncode:
        raise SystemExit("no kernel with checkers: scripts/vm-kernel failed")
    build = pathlib.Path(result.stdout.split()[-1])
    release = (build / "include/config/kernel.release").read_text().strip()
    return Kernel(release, build / "vmlinuz", processors=2)


def use(series):
    """The kernel to boot; from now on there is patience where it is slow."""
    global patience
    kernel = smp() if series == SMP else debian(series)
    patience = PATIENCE if kernel.checked else 1
    return kernel
