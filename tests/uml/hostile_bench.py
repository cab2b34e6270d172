"""One end of the pair under attack: what it must be after each attack, and its log."""
# SPDX-License-Identifier: GPL-2.0-only
import os
import re
import time

import guest
from cluster import wait
from hostile_peer import (BEGUN, INCONSISTENT, PRIMARY, SECONDARY, UP, UPTODATE, Dropped, Identity,
                          Session)
from hostile_wire import (BITMAP_END, CONTROL, FLUSH, RESYNC, RESYNC_DATA, RESYNC_END,
                          RESYNC_END_ANSWER, pack)

NET = {"timeout": "20s", "ping-interval": "20s", "ping-timeout": "10s",
       "connect-interval": "1s"}
ENDED = re.compile(r"session ended: (.*)|connection from \S+ dropped: (.*)|"
                   r"peer \S+: (no session .*|cannot .*)")
VAGUE = re.compile(r"^(connection lost: )?(Protocol error|-?\d+|)$", re.IGNORECASE)
SAME = ("current_gen", "base", "history", "history_node", "history_time", "resource_uuid",
        "device_uuid", "data_sectors", "device_sectors", "instance", "flags", "disk_state",
        "role", "bit_shift", "region_shift", "logical_block", "after_sb", "out_of_sync")
NEWER = 0x7777000000000001


class Log:
    """The kernel's messages: complaints, and why sessions ended."""

    def __init__(self):
        self.log = guest.KernelLog()
        self.reasons, self.complained = [], []

    def read(self):
        while True:
            try:
                record = os.read(self.log.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return
            except BrokenPipeError:
                continue            # overwritten before it was read
            text = record.split("\n", 1)[0].split(";", 1)[-1].strip()
            found = ENDED.search(text)
            if found:
                self.reasons.append(next(part for part in found.groups()
                                         if part is not None))
            if guest.COMPLAINTS.search(text):
                self.complained.append(text)

    def complaints(self):
        self.read()
        found, self.complained = self.complained, []
        return found

    def forget(self):
        self.read()
        self.reasons = []

    def reason(self, seconds=10):
        """Why the latest session ended, once the log says it."""
        wait(lambda: self.read() or self.reasons, seconds, "the log says why it ended")
        return self.reasons[-1]


class Target:
    """The attacked end; the hostile peer has the place of the other one."""

    def __init__(self, pair, log, number):
        self.pair, self.log = pair, log
        self.node, self.other = pair[number], pair[1 - number]
        self.other.hadm("down", "r0")
        self.me = Identity(1 - number, number)
        self.role = SECONDARY           # the attacked end's
        self.newer, self.disk, self.claims = None, UPTODATE, None
        self.baseline, self.image = None, b""
        self.session = None

    def primary(self):
        self.node.hadm("primary", "r0")
        self.role = PRIMARY

    def leave(self):
        """Make way for the real peer."""
        if self.session:
            self.session.close()
        self.me.close()
        if self.role == PRIMARY:
            self.node.hadm("secondary", "r0")

    # -- sessions

    def connect(self, upto=UP, check=True, patience=15):
        """A session that went that far, and found everything as it was."""
        session = self.session = Session(
            self.me, role=SECONDARY if self.role == PRIMARY else PRIMARY,
            disk=self.disk, newer=self.newer, claims=self.claims)
        end = time.monotonic() + patience
        while True:
            try:
                session.open(upto)
                break
            except (Dropped, ConnectionError) as error:
                # the last session may still be ending
                session.close()
                if time.monotonic() > end:
                    raise AssertionError(f"no good connection: {error}") from None
                time.sleep(0.05)
                session = self.session = Session(
                    self.me, role=session.role, disk=self.disk, newer=self.newer,
                    claims=self.claims)
        if check and session.theirs:
            self.check_state(session)
        return session

    def check_state(self, session):
        now = {name: session.theirs[name] for name in SAME}
        now["flags"] &= ~BEGUN      # it says how far the last handshake got
        if self.baseline is None:
            self.baseline = now
        for name in SAME:
            assert now[name] == self.baseline[name], \
                f"{name} was {self.baseline[name]!r}, now {now[name]!r}"

    # -- data

    def read(self):
        size = self.node.status()["device"]["size_bytes"]
        path = self.node.disk()
        guest.drop_cache(path)
        with open(path, "rb") as file:
            return file.read(size)

    def remember(self):
        self.baseline, self.image = None, self.read()

    def check_data(self):
        now = self.read()
        if now != self.image:
            at = next(i for i in range(0, len(now), 512)
                      if now[i:i + 512] != self.image[i:i + 512])
            raise AssertionError(f"the disk changed at byte {at}")

    def wrote(self, offset, data):
        self.image = self.image[:offset] + data + self.image[offset + len(data):]

    # -- attacks

    def ended(self, session, said=""):
        """It was dropped, and the log says why in words that name a fault."""
        reason = self.log.reason()
        assert not VAGUE.match(reason), f"no reason: {reason!r} {said}"
        session.close()
        return reason

    def finish_target(self):
        """We are target: take all there is, end the resync."""
        self.disk = INCONSISTENT
        session = self.connect(check=False)
        session.bits_exchanged()
        session.wait(lambda got: got.kind == RESYNC_END, 20)
        self.disk = UPTODATE
        time.sleep(0.1)
        session.close()

    def finish_source(self):
        """We are source: send what is asked for, end the resync."""
        session = self.connect(check=False)
        bits, shift = [], session.theirs["bit_shift"]
        session.bits_exchanged()
        ended = False
        while not ended:
            got = session.pump(5)
            assert got, "the target's bits do not come"
            ended = got.kind == BITMAP_END
            if got.kind == 48:
                bits += [got["first"] + n for n in range(got["bits"])
                         if got.payload[n // 8] >> n % 8 & 1]
        link = session.links[RESYNC]
        for bit in bits:
            at = bit << shift
            data = self.image[at:at + (1 << shift)]
            link.send(RESYNC_DATA, pack(RESYNC_DATA, id=(self.me.own << 56) | bit + 1,
                                        sector=at // 512, length=len(data), flags=4), data)
        for _ in bits:
            session.wait(lambda got: got.kind == 52)
        theirs = session.theirs
        link.send(RESYNC_END, pack(RESYNC_END, generation=self.newer,
                                   resource_uuid=theirs["resource_uuid"],
                                   history=[theirs["current_gen"], *theirs["history"]][:32],
                                   history_node=theirs["history_node"],
                                   history_time=theirs["history_time"]))
        session.wait(lambda got: got.kind == RESYNC_END_ANSWER, 20)
        self.newer = None
        session.close()

    def flush(self, session):
        session.links[1].send(FLUSH, pack(FLUSH, id=1))
        session.wait(lambda got: got.kind == 35 and got["id"] == 1)

    def ping(self, session):
        """All streams have been read up to here, as far as one can tell."""
        session.alive()
        assert session.links[CONTROL]
