"""What one node must hear of the other arrives also when memory is short.

A message for which there was no memory ends the session; the next one begins with the
whole state. Without that the peer would believe an old one for ever.
"""
# SPDX-License-Identifier: GPL-2.0-only
import time

import faults_inject
import faults_verbs
from faults_life import Broken
from netlink import Refused

PATIENCE = 10                   # seconds
STEP, STEPS = 160, 60           # bytes: less than a message has
SILENCE = "no answer to a promotion"


class Told:
    """Cases of failing allocations, in the same form as faults_verbs has them."""

    def __init__(self, verbs):
        self.verbs, self.ends = verbs, verbs.ends

    def cases(self):
        end = self.ends[0]
        return [("role told", lambda: self.told(("primary", {}), ("secondary", {}))),
                ("disk told", lambda: self.told(("detach", {}), end.attach())),
                ("answer", self.answers)]

    def agree(self):
        """What the other end knows of this one is what this one is."""
        end = time.monotonic() + PATIENCE
        while True:
            one, two = [end.view() for end in self.ends]
            known = two.peer["role"], two.peer["disk_state"]
            if two.connected() and known == (one.role, one.disk):
                return
            if time.monotonic() > end:
                raise Broken(f"role and disk are {one.role}, {one.disk}; "
                             f"the peer was told {known}")
            time.sleep(0.02)

    def told(self, do, undo):
        """Each allocation of a request that changes what the peer must know fails."""
        self.verbs.faults.images.restore()
        self.verbs.both_up()
        for nth in range(1, faults_verbs.MOST):
            hits = []
            for request in (do, undo):
                hits.append(self.verbs.once(request, nth))
                self.agree()
            if not any(hits):
                break
        self.verbs.leave()

    def promote(self, fault):
        """What stands there then as the reason of a lost session, or of a refusal."""
        fault.arm()
        try:
            self.ends[0].ask("primary")
        except Refused as error:
            return error.reason
        finally:
            fault.hit = fault.disarm()
        return self.ends[0].view().reason

    def answers(self):
        """The peer's threads lack memory while it is asked to agree to a promotion."""
        end, hits = self.ends[0], 0
        self.verbs.faults.images.restore()
        self.verbs.both_up()
        for number in range(STEPS):
            fault = faults_inject.Allocation("failslab", number * STEP)
            reason = self.promote(fault)
            hits += fault.hit
            if SILENCE in reason:
                raise Broken(f"the answer was lost without a word: {reason}")
            self.agree()
            end.ask("secondary")
            self.agree()
        if not hits:
            raise Broken("no allocation failed")
        self.verbs.count(f"questions with a failed allocation: {hits}")
        self.verbs.leave()
