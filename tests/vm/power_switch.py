#!/usr/bin/env python3
"""A power switch for the test's machines, in their network: off ends the process.

    power_switch.py PORT DIRECTORY      DIRECTORY/NAME holds the process id of a machine

"on" is accepted and left to the scenario. Each request is a line on stdout.
"""
# SPDX-License-Identifier: GPL-2.0-only
import os
import pathlib
import signal
import socket
import sys


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def switch(directory, action, name):
    try:
        pid = int((directory / name).read_text())
    except (OSError, ValueError):
        return "unknown"
    if action in ("status", "monitor"):
        return ("on" if alive(pid) else "off") if action == "status" else "ok"
    if action in ("off", "reboot") and alive(pid):
        os.kill(pid, signal.SIGKILL)
    return "ok"


def main():
    directory = pathlib.Path(sys.argv[2])
    server = socket.create_server(("", int(sys.argv[1])))
    while True:
        connection = server.accept()[0]
        with connection, connection.makefile("rw", encoding="ascii") as lines:
            words = lines.readline().split()
            answer = switch(directory, *words) if len(words) == 2 else "unknown"
            print(*words, answer, flush=True)
            lines.write(answer + "\n")


if __name__ == "__main__":
    main()
