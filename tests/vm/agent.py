"""Inside a guest: run the commands that arrive as JSON lines on the virtio port.

Requests {"id", "op", ...}; answers {"id", ...}. A job started in the background
reports each line it prints as {"job", "line"} and its end as {"job", "rc"}, so the
host knows what was reported before it kills the machine.
"""
# SPDX-License-Identifier: GPL-2.0-only
import glob
import json
import os
import signal
import subprocess
import threading


def port_path():
    """The virtio port that the host named ha.command."""
    for name in glob.glob("/sys/class/virtio-ports/*/name"):
        with open(name, encoding="ascii") as file:
            if file.read().strip() == "ha.command":
                return "/dev/" + os.path.basename(os.path.dirname(name))
    raise SystemExit("no command port")


class Agent:
    """The port and the background jobs."""

    def __init__(self, path):
        self.port = open(path, "r+b", buffering=0)
        self.lock = threading.Lock()    # one answer at a time on the port
        self.jobs = {}

    def send(self, **message):
        data = json.dumps(message).encode() + b"\n"
        with self.lock:
            while data:
                data = data[self.port.write(data):]

    def lines(self):
        """Requests, one at a time; a read of nothing is a host not yet there."""
        pending = b""
        while True:
            chunk = self.port.read(65536)
            pending += chunk or b""
            *whole, pending = pending.split(b"\n")
            for line in whole:
                yield json.loads(line)

    def serve(self):
        for request in self.lines():
            threading.Thread(target=self.handle, args=(request,), daemon=True).start()

    def handle(self, request):
        """Every request is answered, also one that cannot be done."""
        try:
            getattr(self, "op_" + request["op"])(request)
        except OSError as error:
            self.send(id=request["id"], rc=127, out="", err=str(error))

    def op_hello(self, request):
        self.send(id=request["id"], uptime=float(open("/proc/uptime").read().split()[0]))

    def op_run(self, request):
        """Run to the end, or kill at the timeout; answer even if it cannot die."""
        process = spawn(request, subprocess.PIPE)
        stdin = request.get("stdin")
        answer = {"id": request["id"]}
        try:
            out, err = process.communicate(stdin.encode() if stdin else None,
                                           request["limit"])
        except subprocess.TimeoutExpired:
            answer["stuck"] = stacks_of(process.pid)
            kill(process, signal.SIGKILL)
            try:
                out, err = process.communicate(timeout=2)
            except subprocess.TimeoutExpired:
                out, err = b"", b"not killable"
            answer["timeout"] = True
        self.send(rc=process.returncode, out=out.decode(errors="replace"),
                  err=err.decode(errors="replace"), **answer)

    def op_start(self, request):
        process = spawn(request, subprocess.STDOUT)
        number = request["id"]
        self.jobs[number] = process
        self.send(id=number, pid=process.pid)
        for line in process.stdout:
            self.send(job=number, line=line.decode(errors="replace").rstrip("\n"))
        self.send(job=number, rc=process.wait())

    def op_signal(self, request):
        kill(self.jobs[request["job"]], request["signal"])
        self.send(id=request["id"])


def spawn(request, stderr):
    """A command as a process group of its own: a list of words or a shell line."""
    command = request["command"]
    return subprocess.Popen(command, shell=isinstance(command, str), stderr=stderr,
                            stdout=subprocess.PIPE, start_new_session=True,
                            stdin=subprocess.PIPE if request.get("stdin")
                            else subprocess.DEVNULL,
                            env={**os.environ, **request.get("env", {})})


def kill(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def stacks_of(group):
    """Where in the kernel the threads are that did not end, and all that sleep there."""
    text = ""
    for path in glob.glob("/proc/[0-9]*/task/[0-9]*"):
        try:
            pid = int(os.path.basename(path))
            with open(path + "/stat") as stat:
                sleeps = stat.read().rpartition(")")[2].split()[0] == "D"
            if os.getpgid(pid) == group or sleeps:
                with open(path + "/comm") as comm, open(path + "/stack") as stack:
                    text += f"{pid} {comm.read()}{stack.read()}"
        except OSError:
            pass
    return text


if __name__ == "__main__":
    Agent(port_path()).serve()
