#!/usr/bin/env python3
"""hawatchd as a process: what it does to a device that is a file, told over its socket.

usage: cluster/watchd/tests/protocol.py PROGRAM
"""
# SPDX-License-Identifier: GPL-2.0-only
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

VERSION = 0x68770001
CONFIG, LEASE, RESET = 1, 2, 3
REQUEST, STATE = "=IIqI64s4x", "=IIIIq64s160s"


def now():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000000


class Dog:
    """A hawatchd with its files below a directory."""

    def __init__(self, program, directory):
        self.words = [program, "--socket", f"{directory}/sock", "--lease",
                      f"{directory}/lease", "--no-reset"]
        self.directory = pathlib.Path(directory)
        self.device = self.directory / "dog"
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.words, stderr=subprocess.DEVNULL)
        self.client = None

    def connect(self):
        end = time.monotonic() + 10
        while True:
            client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            client.settimeout(10)
            try:
                client.connect(f"{self.directory}/sock")
                self.client = client
                return self.state()
            except OSError:
                client.close()
                assert time.monotonic() < end and self.process.poll() is None, "no socket"
                time.sleep(0.02)

    def state(self):
        fields = struct.unpack(STATE, self.client.recv(4096))
        assert fields[0] == VERSION
        return {"open": fields[1], "lease": fields[2], "timeout": fields[3],
                "until": fields[4], "device": fields[5].rstrip(b"\0").decode(),
                "text": fields[6].rstrip(b"\0").decode()}

    def send(self, kind, at=0, lease=0, device="", version=VERSION):
        self.client.send(struct.pack(REQUEST, version, kind, at, lease, device.encode()))

    def configure(self, device=None, lease=2000):
        self.send(CONFIG, 0, lease, str(self.device) if device is None else device)
        return self.state()

    def did(self):
        return self.device.read_text().split("\n")[:-1] if self.device.exists() else []

    def ended(self, seconds=5):
        return self.process.wait(seconds)


def life(dog):
    """Opened, fed without a lease and under one, disarmed when it is stopped."""
    assert dog.connect()["open"] == 0
    state = dog.configure()
    assert (state["open"], state["lease"], state["timeout"]) == (1, 2000, 1000), state
    time.sleep(1.2)
    idle = dog.did().count("feed")
    assert idle >= 4, f"fed {idle} times"
    for _ in range(8):
        dog.send(LEASE, now() + 2000)
        time.sleep(0.3)
    assert dog.did().count("feed") >= idle + 6
    dog.process.terminate()
    time.sleep(0.5)
    assert dog.process.poll() is None, "it ended under a lease"
    dog.send(LEASE, 0)
    assert dog.ended() == 0
    assert dog.did()[-1] == "disarm", dog.did()[-3:]


def lease_ends(dog):
    """Nobody renews: it ends the machine, and the device was not fed in the last second."""
    dog.connect()
    dog.configure()
    begun = time.monotonic()
    dog.send(LEASE, now() + 2000)
    assert dog.ended() == 70
    took = time.monotonic() - begun
    assert 1.9 < took < 2.4, f"after {took:.2f} s"
    assert "disarm" not in dog.did()


def daemon_restarts(dog):
    """A haclusterd that comes back within the lease goes on with it."""
    dog.connect()
    dog.configure()
    dog.send(LEASE, now() + 2000)
    dog.client.close()
    time.sleep(1)
    state = dog.connect()
    assert state["until"] > now() and state["open"], state
    for _ in range(6):
        dog.send(LEASE, now() + 2000)
        time.sleep(0.4)
    old = dog.client            # one that hangs is not heard any more
    dog.connect()
    assert old.recv(4096) == b""
    dog.client.close()
    assert dog.ended() == 70


def killed(dog):
    """The next hawatchd keeps to what the last one promised."""
    dog.connect()
    dog.configure(lease=4000)
    dog.send(LEASE, now() + 4000)
    time.sleep(0.2)
    begun = time.monotonic()
    dog.process.kill()
    dog.process.wait()
    dog.start()
    state = dog.connect()
    assert state["open"] and state["until"] > now(), state
    assert dog.ended() == 70
    assert time.monotonic() - begun < 4.2
    dog.start()                 # the same boot still: the end stands
    assert dog.ended() == 70


def refused(dog):
    """What is in use is told, and rubbish is not obeyed."""
    dog.connect()
    state = dog.configure(device=f"{dog.directory}/busy")
    assert not state["open"] and "in use by systemd" in state["text"], state
    dog.client.send(b"x" * 7)
    dog.client.send(struct.pack(REQUEST, VERSION + 1, RESET, 0, 0, b""))
    state = dog.configure()
    assert state["open"], state
    dog.send(RESET)
    assert dog.ended() == 70


def main():
    failed = 0
    for case in (life, lease_ends, daemon_restarts, killed, refused):
        with tempfile.TemporaryDirectory() as directory:
            dog = Dog(sys.argv[1], directory)
            try:
                case(dog)
                print(f"passed   watchd.{case.__name__}")
            except (AssertionError, OSError, subprocess.TimeoutExpired) as error:
                failed += 1
                print(f"FAILED   watchd.{case.__name__}: {error!r}; {dog.did()[-3:]}")
            finally:
                if dog.process.poll() is None:
                    dog.process.send_signal(signal.SIGKILL)
                    dog.process.wait()
    print(f"{5 - failed} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
