#!/usr/bin/env python3
"""A service that keeps what it acknowledges, and a client that does not give up.

    journal.py serve FILE PORT      each line that comes is written, synced, answered
    journal.py write HOST PORT      numbers, one after the other; a line for each answer

A record is "NUMBER NODE"; an answer is the same. The server writes "start NODE" first,
so the file tells who served when. The client prints "TIME NUMBER NODE" (TIME: seconds of
a clock of its machine) and asks again, on a new connection, until it has an answer.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import signal
import socket
import sys
import threading
import time


def serve(path, port):
    node = os.uname().nodename
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    lock = threading.Lock()

    def append(text):
        with lock:
            os.write(fd, f"{text} {node}\n".encode())
            os.fsync(fd)

    def talk(connection):
        with connection, connection.makefile("rw", encoding="ascii") as lines:
            for line in lines:
                append(line.strip())
                lines.write(f"{line.strip()} {node}\n")
                lines.flush()

    append("start")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = socket.create_server(("", int(port)), reuse_port=False)
    while True:
        threading.Thread(target=talk, args=[server.accept()[0]], daemon=True).start()


def write(host, port):
    number, lines = 1, None
    while True:
        try:
            if lines is None:
                connection = socket.create_connection((host, int(port)), 0.3)
                connection.settimeout(1)
                lines = connection.makefile("rw", encoding="ascii")
            lines.write(f"{number}\n")
            lines.flush()
            answer = lines.readline().split()
            if len(answer) != 2 or answer[0] != str(number):
                raise OSError("no answer")
            print(f"{time.monotonic():.3f} {number} {answer[1]}", flush=True)
            number += 1
            time.sleep(0.01)
        except OSError:
            lines = None
            time.sleep(0.02)


if __name__ == "__main__":
    {"serve": serve, "write": write}[sys.argv[1]](*sys.argv[2:])
