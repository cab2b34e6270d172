"""Each request to the kernel with each of its allocations failing once."""
# SPDX-License-Identifier: GPL-2.0-only
import errno
import os
import time

import ends
import faults_inject
import faults_life
from faults_life import SPEAKING, Broken
from netlink import NTH, Refused

MOST = 2000                     # allocations of one request
ROUNDS = 60
PATIENCE = 10                   # seconds
AWAY = ("not connected", "no connected peer", "did not flush")    # the session is not back
PEER = {"peer": {"node_id": 1}}


class Verbs:
    """Requests in pairs: one does, the other undoes, and each is done n times."""

    def __init__(self, faults):
        self.faults, self.ends = faults, faults.ends
        self.end = self.ends[0]
        self.nth = os.open(NTH, os.O_RDWR)

    def cases(self):
        end = self.end
        new, peer = end.up_to_attach()
        before, up = [None, [new], [new, peer]], self.both_up
        return [
            ("create-md", self.create),
            ("new, down", lambda: self.pair(self.other_new, new, ("down", {}))),
            ("peer", lambda: self.pair(before[1], peer, ("peer_del", PEER))),
            ("attach", lambda: self.pair(before[2], end.attach(), ("detach", {}))),
            ("connect", lambda: self.pair(before[2], end.connect(),
                                          ("disconnect", PEER))),
            ("down of all", lambda: self.pair(
                [], ("down", {}), None, again=self.one_up)),
            ("role", lambda: self.pair(up, ("primary", {}), ("secondary", {}))),
            ("session", lambda: self.pair(up, ("disconnect", PEER), end.connect())),
            ("I/O", lambda: self.pair(up, ("suspend_io", {}), ("resume_io", {}))),
            ("sync", lambda: self.pair(up, ("pause_sync", PEER), ("resume_sync", PEER))),
            ("disk", lambda: self.pair(up, ("detach", {}), end.attach())),
            ("invalidate", lambda: self.pair(up, ("invalidate", {}), None, self.sync)),
            ("invalidate-remote", lambda: self.pair(
                up, ("invalidate_remote", PEER), None, self.sync)),
            ("options", lambda: self.pair(up, ("resource_set", {"fencing": 0}),
                                          ("peer_set", peer[1]))),
            ("detach while connecting", self.connecting), ("get", self.gets), ("write, flush, zeroes", self.writes)]

    def create(self):
        """The tool's I/O fails: it says so, and the disk is refused or made anew."""
        disk = self.end.disks[1]
        for nth in range(1, MOST):
            fault = faults_inject.Io(self.faults.c.kernel, disk, nth)
            fault.arm()
            result = self.end.node.hadm("create-md", "--force", "r0", check=False)
            hit = fault.disarm()
            if not result and not (hit and result.err.strip()):
                raise Broken(f"create-md: {result}")
            for command, words in self.end.up_to_attach():
                self.end.ask(command, **words)
            self.life().ask(0, "attach", **self.end.attach()[1])
            self.end.down()
            self.count("create-md with a failed I/O")
            if not hit:
                break

    def life(self):
        return faults_life.Life(self.ends)

    def sync(self):
        if ends.settled(self.ends) != "in sync":
            raise Broken("not in sync any more")

    def both_up(self):
        for end in self.ends:
            end.up()
        self.sync()

    def other_new(self):
        """The kernel's cache of bios of this size is there: its making complains, and
        leaks, when memory is short."""
        command, words = self.ends[1].up_to_attach()[0]
        self.ends[1].ask(command, **words)

    def one_up(self):
        self.end.up()

    def count(self, what):
        self.faults.counts[f"requests: {what}"] += 1

    def once(self, request, nth):
        """Whether a fault was met; the request is done in the end."""
        command, words = request
        unsure = refused = False
        try:
            self.ask(command, nth, words)
        except Refused as error:
            self.check(command, error)
            refused = True
        except OSError as error:
            if error.errno not in SPEAKING:
                raise
            refused = unsure = True     # the answer was lost, or the request
        hit = self.end.client.injected
        if refused:
            self.again(command, words, unsure)
        self.count("failed allocations" if hit else "complete")
        return hit

    def check(self, command, error):
        self.count("refused")
        if not self.end.client.injected:
            raise Broken(f"{command} is refused without a fault: {error}")
        if not error.reason and error.errno != errno.ENOMEM:
            raise Broken(f"{command} fails without a reason: {error}")

    def again(self, command, words, unsure):
        try:
            self.ask(command, 0, words)
        except Refused as error:
            if not unsure:
                raise Broken(f"{command} does not work after a fault: {error}") from None

    def ask(self, command, nth, words):
        """What the last fault took may be the session, which comes back by itself."""
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                return self.end.ask(command, nth, **words)
            except Refused as error:
                if self.end.client.injected or time.monotonic() > patience or \
                        not any(text in error.reason for text in AWAY):
                    raise
                time.sleep(0.1)

    def pair(self, before, do, undo, settle=None, again=None):
        self.faults.images.restore()
        if callable(before):
            before()
        else:
            for command, words in before:
                self.end.ask(command, **words)
        left = [request for request in (do, undo) if request]
        for nth in range(1, MOST):
            if again:
                again()
            hits = [self.once(request, nth) for request in left]
            if settle:
                settle()
            if not any(hits):
                break
        if callable(before):
            self.leave()

    def leave(self):
        """The pair comes together again, and its disks are equal."""
        life = faults_life.Life(self.ends)
        life.recover()

    def connecting(self):
        """No fault but the moment: the disk goes while a handshake is under way."""
        self.both_up()
        for _ in range(ROUNDS):
            self.end.ask("detach")
            command, words = self.end.attach()
            self.end.ask(command, **words)
            time.sleep(self.faults.random.random() * 0.2)
            self.count("detach while connecting")
        self.leave()

    def gets(self):
        self.both_up()
        for nth in range(1, MOST):
            os.pwrite(self.nth, str(nth).encode(), 0)
            try:
                self.end.view()
            except OSError as error:
                if error.errno not in SPEAKING:
                    raise
            except Refused:
                self.count("refused")
            hit = os.pread(self.nth, 16, 0).strip() == b"0"
            os.pwrite(self.nth, b"0", 0)
            self.drain()
            if not hit:
                break
            self.count("failed allocations")

    def drain(self):
        """Answers that were not waited for."""
        self.end.client.socket.setblocking(False)
        try:
            while self.end.client.socket.recv(65536):
                pass
        except OSError:
            pass
        self.end.client.socket.setblocking(True)

    def writes(self):
        """System calls on the device, each with its nth allocation failing."""
        self.both_up()
        self.end.ask("primary")
        life = faults_life.Life(self.ends)
        device = life.devices[0]
        device.open()
        for name, arguments in (("write", [0]), ("flush", []), ("zero", [faults_life.PLACES[-1]]),
                                ("read", [0])):
            for nth in range(1, MOST):
                if not self.call(life, getattr(device, name), arguments, nth):
                    break
        device.close()
        self.end.ask("secondary")
        life.recover()
        life.verify(self.faults.images)

    def call(self, life, function, arguments, nth):
        def armed():
            os.pwrite(self.nth, str(nth).encode(), 0)
            function(*arguments)
        life.attempt(armed)
        hit = os.pread(self.nth, 16, 0).strip() == b"0"
        os.pwrite(self.nth, b"0", 0)
        if hit:
            self.count("failed allocations of I/O")
            function(*arguments)
        return hit
