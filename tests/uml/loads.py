"""Loads that begin at once: the writers of tests/vm/load.py, forked from a server.

It is small and has all modules, so that a load costs a fork and not the start of a
Python for each of its workers. A load is a session of its own; its lines come by a pipe.
"""
# SPDX-License-Identifier: GPL-2.0-only
import json
import os
import signal
import socket
import subprocess
import sys
import threading

import guest            # first: it says where the modules of tests/vm are
import load
from guest import Job


class Forked(Job):
    """A load in the background; the last line of one that was not killed is its status."""

    def __init__(self, command, pid, pipe):
        self.command, self.lines, self.pid = command, [], pid
        self.returncode, self.ended = None, threading.Event()
        self.pipe = os.fdopen(pipe, "rb")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        status = -signal.SIGKILL
        for line in self.pipe:
            text = line.decode().rstrip("\n")
            if text.startswith("end "):
                status = int(text.split()[1])
            else:
                self.lines.append(text)
        self.pipe.close()
        self.returncode = status
        self.ended.set()

    def poll(self):
        return self.returncode

    @property
    def process(self):
        return self             # what Job asks of it: poll() and pid

    def signal(self, number=signal.SIGTERM):
        os.killpg(self.pid, number)

    def wait(self, timeout=60):
        if not self.ended.wait(timeout):
            raise guest.CommandFailed(f"{self.command}: still running after {timeout} s:\n"
                                      f"{guest.agent.stacks_of(self.pid)}")
        return self.returncode


class Server:
    """The other process: for each order a pipe comes and a pid goes."""

    def __init__(self):
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.process = subprocess.Popen([sys.executable, __file__, str(its.fileno())],
                                        pass_fds=[its.fileno()])
        its.close()
        self.socket = ours

    def start(self, words):
        ends = os.pipe()
        socket.send_fds(self.socket, [json.dumps(words).encode()], ends[1:])
        os.close(ends[1])
        return int(self.socket.recv(64)), ends[0]


servers = []


def start(*words):
    """A load on a device: path, seed, blocks, workers, flush_every."""
    if not servers:
        servers.append(Server())
    return Forked(f"load {words}", *servers[0].start(words))


def one(words, pipe):
    """In a child of the server."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(pipe, 1)
    os.close(pipe)
    load.report(f"end {load.write(*words)}")


def serve(orders):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        words, pipes, _, _ = socket.recv_fds(orders, 4096, 1)
        if not words:
            return
        pid = os.fork()
        if pid == 0:
            orders.close()
            one(json.loads(words), pipes[0])
            os._exit(0)
        os.close(pipes[0])
        orders.send(str(pid).encode())


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
