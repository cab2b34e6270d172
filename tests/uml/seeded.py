"""Faults of the module that must be noticed: ha.ko with patches/seeded-net.patch.

Its parameter "mutant" says which fault it has at the moment; 0 is none. Each fault is
tried with the case that looks after what it breaks, and counts as passed when that fails.
"""
# SPDX-License-Identifier: GPL-2.0-only

PARAMETER = "/sys/module/ha/parameters/mutant"
# number in the patch: what is wrong, the case, the types or attacks it is limited to
NETWORK = {
    1: ("an unanswered ping is not minded", "one_way", None),
    2: ("the age of requests is taken from the wall clock", "clock", None),
    3: ("a silent peer is not pinged", "one_way", None),
    4: ("a request may take for ever", "hanging_disk", None),
    8: ("pings must be answered at once", "jitter", None),
    5: ("the loss of the resync stream is not minded", "reset", "RESYNC_END_ANSWER"),
    6: ("a failed handshake leaves the gate closed", "reset", "VERDICT"),
    7: ("a reset leaves a reference behind", "reset", "STATE WRITE ACK PONG"),    # last: it leaks
}
HOSTILE = {
    20: ("length: odd payloads", "secondary", "payload"),
    21: ("range: beyond the end of the device", "secondary", "bytes at"),
    22: ("state: a write to a Primary", "primary", "nothing of the table"),
    26: ("state: messages on the wrong stream", "secondary", "on stream"),
    23: ("order: messages repeated", "secondary", "twice"),
    32: ("order: a step of the handshake twice", "handshake", "nothing of the table"),
    25: ("messages of another session", "secondary", "tag"),
    24: ("a wrong checksum", "flipped", None),
    27: ("flags of I/O that make no sense", "secondary", "with op"),
    31: ("a wrong proof", "before_hello", None),
    28: ("no window", "windows", None),
    29: ("questions without end", "windows", None),
    33: ("resync requests without end", "windows", None),
    30: ("digests answered twice", "windows", None),
}


def chosen(faults, wanted):
    """Those with these numbers; all of them when none is named."""
    return {number: words for number, words in faults.items()
            if not wanted or str(number) in wanted}


class Faults:
    """Tries one after the other; after each the pair is made anew, without a fault."""

    def __init__(self, tally, again):
        self.tally, self.again = tally, again

    def set(self, number):
        with open(PARAMETER, "w", encoding="ascii") as file:
            file.write(str(number))

    def tried(self, number, words, function):
        """Do it with the fault: it has to fail, or the kernel to complain."""
        said, noticed = "", ""
        self.set(number)
        try:
            said = function()
        except Exception as error:
            noticed = f"{type(error).__name__}: {error}".split("\n")[0][:100]
        self.set(0)
        complaints = self.tally.log.complaints()
        noticed = noticed or (complaints[0] if complaints else "")
        self.tally.result(f"fault {number}", "" if noticed else f"not noticed: {said}",
                          f"{words}: {noticed}")
        self.again()
        self.tally.log.complaints()         # of what the fault has left
