"""This very kernel in the place of a virtual machine of tests/vm: same methods."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import pathlib
import platform
import re
import signal
import subprocess
import sys
import threading
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests" / "vm"))

import agent            # noqa: E402
import cluster          # noqa: E402
import node             # noqa: E402
from machine import CommandFailed, Result   # noqa: E402
from oracle import COMPLAINT                # noqa: E402

node.TOOLS = str(CHECKOUT / "tools")
node.LOAD = f"python3 {CHECKOUT}/tests/vm/load.py"
COMPLAINTS = re.compile(COMPLAINT.pattern + r"|inconsistent lock|suspicious RCU|"
                        r"unreferenced object|ODEBUG|BUG |workqueue lockup")


class Job:
    """A command in the background and the lines it has printed."""

    def __init__(self, command, env):
        self.command, self.lines = command, []
        self.process = agent.spawn({"command": command, "env": env}, subprocess.STDOUT)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))

    def running(self):
        return self.process.poll() is None

    def signal(self, number=signal.SIGTERM):
        agent.kill(self.process, number)

    def wait(self, timeout=60):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise CommandFailed(f"{self.command}: still running after {timeout} s:\n"
                                f"{agent.stacks_of(self.process.pid)}") from None
        self.reader.join(5)
        return self.process.returncode

    def stop(self, timeout=60):
        if self.running():
            self.signal()
        return self.wait(timeout)

    def wait_line(self, count, timeout=60):
        end = time.monotonic() + timeout
        while len(self.lines) < count:
            if not self.running() or time.monotonic() > end:
                raise CommandFailed(f"{self.command}: {len(self.lines)} lines of {count}, "
                                    f"status {self.process.poll()}, last: "
                                    f"{self.lines[-3:]}\n"
                                    f"{agent.stacks_of(self.process.pid)}")
            time.sleep(0.05)


class Volatile:
    def settle(self):
        """The disks here are memory: nothing is behind a cache."""


class Kernel:
    """What tests/vm/machine.py is for a QEMU process."""

    name, volatile = "kernel", Volatile()
    release = platform.release()

    def alive(self):
        return True

    def disk(self, index):
        return f"/dev/ram{index}"

    image = disk

    def run(self, command, check=True, timeout=60, stdin=None, env=None):
        request = {"command": command, "env": env or {}, "stdin": stdin}
        process = agent.spawn(request, subprocess.PIPE)
        answer = {"timeout": False}
        try:
            out, err = process.communicate(stdin.encode() if stdin else None, timeout)
        except subprocess.TimeoutExpired:
            answer = {"timeout": True, "stuck": agent.stacks_of(process.pid)}
            agent.kill(process, signal.SIGKILL)
            try:
                out, err = process.communicate(timeout=2)
            except subprocess.TimeoutExpired:
                out, err = b"", b"not killable"
        result = Result(command, {"rc": process.returncode, **answer,
                                  "out": out.decode(errors="replace"),
                                  "err": err.decode(errors="replace")})
        if check and not result:
            raise CommandFailed(str(result))
        return result

    def start(self, command, env=None):
        return Job(command, env or {})


class KernelLog:
    """The kernel's messages; complaints() are those since it was last asked."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)

    def complaints(self):
        found = []
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return found
            except BrokenPipeError:
                continue            # overwritten before it was read
            text = record.split("\n", 1)[0].split(";", 1)[-1]
            if COMPLAINTS.search(text):
                found.append(text.strip())


def drop_cache(path):
    """The module writes below the block device's page cache: read the disk itself."""
    fd = os.open(path, os.O_RDONLY)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


class Pair(cluster.Cluster):
    """Two namespaces; each disk below a device-mapper device that can break."""

    def __init__(self):
        kernel = Kernel()
        super().__init__(cluster.pair_in_one(kernel).nodes)
        self.kernel = kernel

    def load(self):
        """scripts/uml-pair and init have done that."""

    def assert_equal(self, name="r0"):
        for end in self.nodes:
            drop_cache(end.image(self.resources[name]))
        super().assert_equal(name)
