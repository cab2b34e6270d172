"""One virtual machine: boot, kill, freeze, and run commands in it."""
# SPDX-License-Identifier: GPL-2.0-only
import ctypes
import itertools
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import initramfs
import kernels
from volatile import VolatileDisk, VolatileDisks

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
MIB = 1 << 20
DISKS = [384, 256, 384, 256, 64, 64]    # MiB; vda, vdb, ...
VOLATILE = [64, 4]                      # MiB; the disks after them, see volatile.py
PATIENCE = 60                           # seconds; with QEMU itself
QUIET = 240                             # seconds; with a guest that says nothing


class MachineDied(Exception):
    """The machine ended or stopped answering when nobody asked it to."""


class CommandFailed(Exception):
    """A command in a guest ended with another status than 0."""


class Result:
    """What a command left: rc, out, err; falsy when it failed."""

    def __init__(self, command, answer):
        self.command = command if isinstance(command, str) else " ".join(command)
        self.rc = answer["rc"]
        self.out, self.err = answer["out"], answer["err"]
        self.timed_out = answer.get("timeout", False)
        self.stuck = answer.get("stuck", "")

    def __bool__(self):
        return self.rc == 0 and not self.timed_out

    def __str__(self):
        how = "timed out" if self.timed_out else f"status {self.rc}"
        text = f"{self.command}: {how}"
        for part in (self.out[-1500:], self.err[-1500:], self.stuck):
            if part.strip():
                text += "\n\t" + part.strip().replace("\n", "\n\t")
        return text


class Job:
    """A command in the background; its lines are kept even if the machine dies."""

    def __init__(self, machine, number, command):
        self.machine, self.number, self.command = machine, number, command
        self.lines = []
        self.rc = None

    def running(self):
        self.machine.listen(0)
        return self.rc is None

    def signal(self, number=signal.SIGTERM):
        self.machine.ask("signal", 10, job=self.number, signal=number)

    def wait(self, timeout=60):
        """Wait for its end; the exit status."""
        end = time.monotonic() + timeout * kernels.patience
        while self.rc is None and time.monotonic() < end:
            self.machine.listen(0.2)
        if self.rc is None:
            raise CommandFailed(f"{self.command}: still running after {timeout} s")
        return self.rc

    def stop(self, timeout=60):
        if self.running():
            self.signal(signal.SIGTERM)
        return self.wait(timeout)

    def wait_line(self, count, timeout=60):
        """Wait until the job has printed this many lines."""
        end = time.monotonic() + timeout * kernels.patience
        while len(self.lines) < count:
            if self.rc is not None or time.monotonic() > end:
                raise CommandFailed(f"{self.command}: {len(self.lines)} lines, status "
                                    f"{self.rc}, last: {self.lines[-3:]}")
            self.machine.listen(0.2)


def die_with_parent(how=signal.SIGKILL):
    """In the child: no machine outlives the program that made it."""
    ctypes.CDLL(None).prctl(1, how)
    os.setpgid(0, 0)


def have_kvm():
    with open("/proc/cpuinfo", encoding="ascii") as file:
        words = file.read().split()
    return os.path.exists("/dev/kvm") and ("vmx" in words or "svm" in words)


class Machine:
    """A QEMU process and its files: disks, console, command and control sockets."""

    def __init__(self, number, kernel, directory, network, disks=DISKS, seed=1):
        self.number, self.kernel, self.release = number, kernel, kernel.release
        self.name = f"node{number}"
        self.address = f"10.77.0.{number}"
        self.address6 = f"fd77::{number}"
        self.network = network
        self.processors = kernel.processors
        self.directory = pathlib.Path(directory) / self.name
        self.directory.mkdir(parents=True)
        self.console = self.directory / "console"
        self.disks = [*disks, *VOLATILE]
        self.process = self.port = self.control = None
        self.pages = [0, 0]             # that power losses took, and left
        self.numbers = itertools.count(1)
        self.volatile = VolatileDisks([
            VolatileDisk(self.image(len(disks) + which), size * MIB,
                         self.directory / f"nbd{which}", seed * 10 + which)
            for which, size in enumerate(VOLATILE)])
        for index in range(len(self.disks)):
            self.wipe_disk(index)

    # -- disks, as files on the host

    def image(self, index):
        return self.directory / f"disk{index}"

    def disk(self, index):
        return "/dev/vd" + "abcdefghij"[index]

    def wipe_disk(self, index):
        """Back to zeroes; only while nothing in the guest has it open."""
        self.volatile.settle()
        with open(self.image(index), "ab") as file:
            file.truncate(0)
            file.truncate(self.disks[index] * MIB)

    # -- life

    def _command(self):
        accel = ["-accel", "kvm", "-cpu", "host"] if have_kvm() else \
                ["-accel", "tcg,thread=multi", "-cpu", "max"]
        words = ["qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot",
                 "-machine", "q35", *accel,
                 "-m", "1024" if self.kernel.checked else "768",
                 "-smp", str(self.processors),
                 "-kernel", str(self.kernel.image),
                 "-initrd", str(initramfs.build(self.release)),
                 "-append", "console=ttyS0 panic=-1 oops=panic net.ifnames=0 "
                 "mitigations=off nokaslr no_timer_check loglevel=7 "
                 f"{self.kernel.options}"
                 f"ha_name={self.name} ha_number={self.number}",
                 "-chardev", f"file,id=console,path={self.console},append=on",
                 "-serial", "chardev:console",
                 "-device", "virtio-serial-pci", "-device", "virtio-rng-pci",
                 "-chardev", f"socket,id=cmd,path={self.directory}/cmd,server=on,wait=off",
                 "-device", "virtserialport,chardev=cmd,name=ha.command",
                 "-qmp", f"unix:{self.directory}/qmp,server=on,wait=off"]
        for tag, path in (("host", "/"), ("checkout", CHECKOUT)):
            words += ["-fsdev", f"local,id={tag},path={path},security_model=none,"
                      "readonly=on,multidevs=remap",
                      "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
        for index in range(len(self.disks)):
            source = f"file={self.image(index)},cache=unsafe,discard=unmap"
            which = index - len(self.disks) + len(VOLATILE)
            if which >= 0:
                source = f"file=nbd:unix:{self.directory}/nbd{which},cache=writeback"
            words += ["-drive", f"{source},format=raw,if=none,id=disk{index}",
                      "-device", f"virtio-blk-pci,drive=disk{index},serial=disk{index}"]
        words += ["-netdev", f"tap,id=net0,ifname=tap{self.number},script=no,"
                  "downscript=no",
                  "-device", "virtio-net-pci,id=nic0,netdev=net0,"
                  f"mac=52:54:00:77:00:{self.number:02x}"]
        return words

    def power_on(self):
        """Start to boot; wait_booted() says when it is there."""
        self.jobs, self.answers, self.pending = {}, {}, b""
        for name in ("cmd", "qmp"):
            (self.directory / name).unlink(missing_ok=True)
        with open(self.directory / "qemu.log", "ab") as log:
            self.process = subprocess.Popen(self.network.enter(self._command()),
                                            stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, preexec_fn=die_with_parent)
        control = self._connect("qmp")
        control.settimeout(PATIENCE)
        self.control = control.makefile("rw", encoding="utf-8")
        self.control_line()
        self.qmp("qmp_capabilities")
        self.port = self._connect("cmd")

    def wait_booted(self):
        """However slowly it boots; but its console must go on."""
        number, said, end = self.send("hello"), -1, 0
        while number not in self.answers:
            now = self.console.stat().st_size if self.console.exists() else 0
            if now != said:
                said, end = now, time.monotonic() + QUIET
            elif time.monotonic() > end:
                raise MachineDied(f"{self.name} does not boot: {self.why_not()}")
            self.listen(0.5)
        del self.answers[number]

    def why_not(self):
        """Who is to blame for a boot that stands still: guest, QEMU, disks, or the host."""
        last = self.console.read_text(errors="replace").rstrip().rsplit("\n", 1)[-1] \
            if self.console.exists() else ""
        try:
            status = self.qmp("query-status")["status"]
        except (MachineDied, OSError, ValueError) as error:
            status = f"without an answer ({error})"
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            words = file.read().rpartition(")")[2].split()
        used = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
        return (f"{QUIET} s without a word, last {last!r}; QEMU is {status}, in state "
                f"{words[0]}, has used {used:.0f} s of processor time; disks: "
                f"{self.volatile.state()}; load of the host {os.getloadavg()[0]:.0f}")

    def boot(self):
        self.power_on()
        self.wait_booted()

    def _connect(self, name):
        end = time.monotonic() + PATIENCE
        while True:
            sock = socket.socket(socket.AF_UNIX)
            try:
                sock.connect(str(self.directory / name))
                return sock
            except OSError:
                sock.close()
                if time.monotonic() > end or self.process.poll() is not None:
                    log = (self.directory / "qemu.log").read_text()[-2000:]
                    raise MachineDied(f"{self.name}: QEMU did not start: {log}")
                time.sleep(0.02)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def have_processors(self, count):
        """That many from the next boot on, None: the kernel's usual number."""
        count = count or self.kernel.processors
        if count != self.processors:
            self.kill()
        self.processors = count

    def kill(self):
        """The crash of a node: its memory is gone, what reached its disks is not.

        Of what its volatile disks had not been told to flush, much is gone too.
        """
        if self.process is None:
            return
        self.volatile.die()
        if self.alive():
            self.process.kill()
        self.process.wait()
        self.pages = [a + b for a, b in zip(self.pages, self.volatile.lose_power())]
        try:
            while self.listen(0.05):    # what it had reported before
                pass
        except MachineDied:
            pass
        self.port.close()
        self.control.close()
        self.process = None

    def control_line(self):
        try:
            return json.loads(self.control.readline() or '{"error": "closed"}')
        except TimeoutError:
            raise MachineDied(f"{self.name}: QEMU has not answered in {PATIENCE} s; disks: "
                              f"{self.volatile.state()}") from None

    def qmp(self, command, **arguments):
        request = {"execute": command}
        if arguments:
            request["arguments"] = arguments
        self.control.write(json.dumps(request) + "\n")
        self.control.flush()
        while True:
            answer = self.control_line()
            if "return" in answer:
                return answer["return"]
            if "error" in answer:
                raise MachineDied(f"{self.name}: {command}: {answer['error']}")

    def freeze(self):
        self.qmp("stop")

    def thaw(self):
        self.qmp("cont")

    def cut(self):
        """Packets vanish, the carrier stays (a switch that died behind a switch)."""
        self.network.cut(self.number)

    def join(self):
        self.network.join(self.number)

    def carrier(self, present):
        """Pull the cable, or plug it in."""
        self.qmp("set_link", name="nic0", up=present)

    # -- commands

    def listen(self, timeout):
        """Take what the agent sent; True when something came."""
        self.port.settimeout(timeout if timeout > 0 else 0.001)
        try:
            chunk = self.port.recv(1 << 20)
        except (TimeoutError, BlockingIOError):
            if not self.alive():
                raise MachineDied(f"{self.name}: the machine ended") from None
            return False
        except OSError:
            chunk = b""
        if not chunk:
            raise MachineDied(f"{self.name}: the machine ended")
        self.pending += chunk
        *whole, self.pending = self.pending.split(b"\n")
        for line in whole:
            self._take(json.loads(line))
        return True

    def _take(self, message):
        if "job" not in message:
            self.answers[message["id"]] = message
        elif "line" in message:
            self.jobs[message["job"]].lines.append(message["line"])
        else:
            self.jobs[message["job"]].rc = message["rc"]

    def send(self, op, number=None, timeout=PATIENCE, **fields):
        """A request to the agent; its number."""
        number = number or next(self.numbers)
        timeout *= kernels.patience
        text = json.dumps({"id": number, "op": op, **fields}) + "\n"
        self.port.settimeout(timeout)
        self.port.sendall(text.encode())
        return number

    def ask(self, op, timeout, number=None, **fields):
        """One request to the agent and its answer."""
        number = self.send(op, number, timeout, **fields)
        end = time.monotonic() + timeout
        while number not in self.answers:
            if time.monotonic() > end:
                raise MachineDied(f"{self.name}: no answer to {op} in {timeout} s")
            self.listen(0.5)
        return self.answers.pop(number)

    def run(self, command, check=True, timeout=60, stdin=None, env=None):
        """Run a command (words, or a shell line) to its end."""
        answer = self.ask("run", timeout + 60, command=command, limit=timeout * kernels.patience,
                          stdin=stdin, env=env or {})
        result = Result(command, answer)
        if check and not result:
            raise CommandFailed(f"{self.name}: {result}")
        return result

    def start(self, command, env=None):
        """Run a command in the background."""
        number = next(self.numbers)
        job = self.jobs[number] = Job(self, number, command)
        answer = self.ask("start", 60, number=number, command=command, env=env or {})
        if "pid" not in answer:
            raise CommandFailed(f"{self.name}: {command}: {answer['err']}")
        return job
