"""One end of a pair: a machine of its own, or a network namespace of a shared one."""
# SPDX-License-Identifier: GPL-2.0-only
import json

TOOLS = "/ha/tools"
LOAD = "python3 /ha/tests/vm/load.py"


class Node:
    """Where commands of one end run, and what its device and disks are called."""

    def __init__(self, machine, name, disks, address, address6, namespace=None):
        self.machine, self.name = machine, name
        self.address, self.address6 = address, address6
        self.namespace = namespace
        self.disks = disks              # indices into the machine's disks
        self.config = f"/tmp/{name}.conf"
        self.text = ""                  # what it holds, to write again after a crash
        self.first_minor = 10 if namespace == "b" else 0

    # -- names

    def device(self, index=0):
        return f"/dev/ha{self.first_minor + index}"

    def disk(self, index=0):
        return self.machine.disk(self.disks[index])

    def image(self, index=0):
        return self.machine.image(self.disks[index])

    # -- commands

    def _inside(self, command):
        if not self.namespace:
            return command
        words = ["sh", "-c", command] if isinstance(command, str) else list(command)
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *words]

    def _env(self):
        return {"HADM_HOST": self.name,
                "PATH": f"{TOOLS}/hadm:{TOOLS}/hasetup:/usr/sbin:/usr/bin:/sbin:/bin"}

    def run(self, command, **options):
        return self.machine.run(self._inside(command), env=self._env(), **options)

    def start(self, command):
        return self.machine.start(self._inside(command), env=self._env())

    def write_file(self, path, text):
        self.run(["dd", f"of={path}", "status=none"], stdin=text)

    def configure(self, text):
        self.text = text
        self.write_file(self.config, text)

    def hadm(self, *words, **options):
        """hadm with this end's configuration; fails the scenario unless check=False."""
        return self.run(["hadm", "-c", self.config, *words], **options)

    def refused(self, *words, because, timeout=30):
        """The command must fail with status 1 and give this reason (any of several)."""
        result = self.hadm(*words, check=False, timeout=timeout)
        reasons = [because] if isinstance(because, str) else because
        text = result.err.lower()
        assert result.rc == 1, f"should be refused ({because}): {result}"
        assert any(word.lower() in text for word in reasons), \
            f"refused, but the reason does not say {because}: {result}"
        return result

    def status(self, name="r0"):
        """The resource's status as hadm prints it in JSON; None when there is none."""
        result = self.hadm("status", "--json", timeout=20)
        for resource in json.loads(result.out or "[]"):
            if resource["name"] == name:
                return resource
        return None

    # -- what scenarios ask most

    def role(self, name="r0"):
        status = self.status(name)
        return status and status["role"]

    def disk_state(self, name="r0"):
        status = self.status(name)
        return status and status["device"]["disk"]

    def peer(self, name="r0"):
        """The only peer's part of the status; {} when there is none."""
        status = self.status(name)
        return status["peers"][0] if status and status["peers"] else {}

    def connection(self, name="r0"):
        return self.peer(name).get("connection")

    def resync_rate(self, rate, name="r0"):
        """Bytes a second; 0 is as fast as it goes."""
        self.run(["hasetup", "resource-options", name, "--resync-rate", str(rate)],
                 check=False)

    def writes(self, index=0):
        """Bytes written to the backing disk since boot, resync and all."""
        path = f"/sys/block/{self.disk(index).removeprefix('/dev/')}/stat"
        return int(self.run(["cat", path]).out.split()[6]) * 512

    # -- the link

    def slow(self, milliseconds, mbit):
        """What this end sends is late, and no faster than this."""
        self.run(["tc", "qdisc", "replace", "dev", "v" if self.namespace else "eth0",
                  "root", "netem", "delay", f"{milliseconds}ms", "rate", f"{mbit}mbit",
                  "limit", "10000"])

    def cut(self):
        if self.namespace:
            self.run("tc qdisc replace dev v root netem loss 100%")
        else:
            self.machine.cut()

    def join(self):
        if self.namespace:
            self.run("tc qdisc del dev v root 2>/dev/null || true")
        else:
            self.machine.join()

    # -- a backing disk that can break

    def breakable(self, index=0):
        """A device-mapper device over a disk, for backing=; break_disk() breaks it."""
        self.run(["dmsetup", "create", self._mapped(index), "--table",
                  self._table(index, "linear")])
        return "/dev/mapper/" + self._mapped(index)

    def break_disk(self, index=0):
        """From now on every read and write of the disk fails."""
        self._remap(index, "error")

    def heal_disk(self, index=0):
        self._remap(index, "linear")

    def _mapped(self, index):
        return f"{self.name}-{index}"

    def _table(self, index, kind):
        sectors = self.run(["blockdev", "--getsz", self.disk(index)]).out.strip()
        return f"0 {sectors} {kind} {self.disk(index)} 0" if kind == "linear" \
            else f"0 {sectors} {kind}"

    def _remap(self, index, kind):
        name = self._mapped(index)
        self.run(["dmsetup", "reload", name, "--table", self._table(index, kind)])
        self.run(["dmsetup", "suspend", "--noflush", "--nolockfs", name])
        self.run(["dmsetup", "resume", name])

    # -- the module

    def module_loaded(self):
        return bool(self.machine.run("grep -q '^ha ' /proc/modules", check=False))

    def load_module(self):
        if self.module_loaded():
            return
        file = f"/ha/build/{self.machine.release}/ha.ko"
        if not self.machine.run(["test", "-e", file], check=False):
            raise FileNotFoundError(f"{file.removeprefix('/ha/')}: run make build-all")
        self.machine.run(f"for m in $(modinfo -F depends {file} | tr , ' '); do "
                         f"modprobe $m || exit 1; done; insmod {file}")

    # -- load

    def writer(self, index=0, seed=1, mib=64, workers=4, flush_every=0):
        """A Writer on the device, running."""
        return Writer(self, index, seed, mib * 256, workers, flush_every)

    def fill(self, path, mib, offset=0, pattern="/dev/urandom"):
        self.run(["dd", f"if={pattern}", f"of={path}", "bs=1M", f"count={mib}",
                  f"seek={offset}", "oflag=direct", "conv=fsync,notrunc,nocreat",
                  "status=none"], timeout=180)


class Writer:
    """Random 4 KiB writes to a device; knows what was acknowledged."""

    def __init__(self, node, index, seed, blocks, workers, flush_every):
        self.node, self.seed, self.blocks, self.workers = node, seed, blocks, workers
        self.job = node.start(f"exec {LOAD} write {node.device(index)} {seed} {blocks} "
                              f"{workers} {flush_every}")

    def count(self):
        self.job.running()
        return len(self.job.lines)

    def wait_more(self, count, timeout=60):
        """Wait for this many more acknowledged writes."""
        self.job.wait_line(len(self.job.lines) + count, timeout)

    def errors(self):
        return [line for line in self.job.lines if line.startswith("error")]

    def stop(self):
        rc = self.job.stop()
        assert rc == 0 and not self.errors(), \
            f"the writer saw {self.errors()[:3]}, status {rc}"

    def reports(self):
        """The lines about acknowledged writes: worker, number, flushed up to."""
        return [line for line in self.job.lines if line[:1].isdigit()]

    def check(self, node, index=0, path=None, level="acknowledged"):
        """Every acknowledged (or flushed) write must be on this device, or on path."""
        result = node.run(f"{LOAD} check {path or node.device(index)} {self.seed} "
                          f"{self.blocks} {self.workers} {level}", check=False,
                          stdin="\n".join(self.reports()) + "\n", timeout=180)
        assert result, f"{level} writes are lost on {node.name}: {result}"
