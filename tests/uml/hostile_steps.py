"""The steps of a hostile peer: one attack after the other, at every state of a session."""
# SPDX-License-Identifier: GPL-2.0-only
import contextlib
import random
import time

import guest
import hostile_cases as cases
from bench import Bench
from hostile_bench import NET, NEWER, Target
from hostile_cases import DROP
from hostile_floods import Floods
from hostile_local import Local
from hostile_peer import (ALL_AUTH, AUTH_DONE, HELLO_DONE, INCONSISTENT, OPENED, PRIMARY,
                          READY_SENT, SECONDARY, SNAPSHOT_SENT, UP, VERDICT_SENT, Dropped,
                          Link, Session)
from hostile_resync import Resyncs
from hostile_wire import (AUTH, BITMAP, BODY, BYE, CONTROL, DATA, FLUSH, HANDSHAKE_TYPES,
                          HELLO, PING, PROMOTE, READ, REFUSED, RESYNC, RESYNC_DATA,
                          SNAPSHOT, STATE, STREAMS, UP_TYPES, VERDICT, WRITE, message, pack)

LENGTHS = (16, 17, 20, 21, 22, 23)      # bytes of a header that say how much comes
CHANGES = {"mutated", "netlink_random", "images"}   # what they did may be legitimate


def some(kind, **fields):
    """A body with those of the fields that its type has."""
    names = [name for name, _ in cases.FIELDS[kind]]
    return pack(kind, **{name: value for name, value in fields.items() if name in names})


class Steps(Local, Floods, Resyncs, Bench):
    """Each method named in ALL is a step; it returns what it did, in words."""

    only = None                     # attacks with this text in their names

    def __init__(self, log, args):          # pylint: disable=super-init-not-called
        self.c = guest.Pair()
        self.kernel, self.log, self.args = self.c.kernel, log, args
        self.backing = {}
        self.random = random.Random(args.seed)

    def make(self, **options):
        super().make(net=NET, **options)

    def unmake(self):
        for node in self.c:
            node.hadm("down", "--force", "all", check=False, timeout=20)
            node.run(["blkdiscard", "-f", "-z", node.disk()])

    def again(self):
        """What the attack left behind is not the next one's business."""
        self.unmake()
        self.make()
        self.log.forget()

    # -- one target, one case

    @contextlib.contextmanager
    def target(self, number=0, primary=False):
        """One end under attack; afterwards the real peer must find all as it was."""
        node = self.c[number]
        node.hadm("primary", "r0")
        node.fill(node.device(), 2, offset=3)
        node.hadm("secondary", "r0")
        target = Target(self.c, self.log, number)
        if primary:
            target.primary()
        target.image = target.read()
        yield target
        target.check_data()
        target.leave()
        target.other.hadm("up", "r0")
        self.c.wait_connected()
        self.c.wait_in_sync(timeout=30)
        self.c.assert_equal()

    def case(self, target, case, prepare):
        """One attack on a session that @prepare made."""
        name, attack, outcome = case
        try:
            session = prepare()
            self.log.forget()
            with contextlib.suppress(Dropped):
                attack(session)
            if outcome == DROP:
                said = session.dropped()
                target.ended(session, said)
            else:
                target.ping(session)
                session.close()
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error

    def all_cases(self, target, found, prepare):
        count, wrong = 0, []
        for case in found:
            if self.only and self.only not in case[0]:
                continue
            try:
                self.case(target, case, prepare)
                if count % 32 == 0:
                    target.check_data()
            except AssertionError as error:
                wrong.append(str(error))
                if len(wrong) > self.args.wrong:
                    break
            count += 1
        assert not wrong, "\n".join([f"{len(wrong)} of {count} went wrong", *wrong])
        target.check_data()
        return count

    # -- before there is a session

    def before_hello(self):
        """Each type first, noise, wrong hellos, wrong proofs: no session notices."""
        with self.target() as target:
            kept = target.connect()
            count = 0
            for name, attack, _ in [*cases.before_hello(), *cases.headers(0, HELLO)]:
                self.stranger(target, name, attack)
                count += 1
            for name, fields, _ in cases.hellos():
                self.stranger(target, name, lambda s, f=fields: s.links[0].send(
                    HELLO, s.hello(0, bytes(32), **f)))
                count += 1
            count += self.proofs(target)
            kept.alive()
            kept.close()
        return f"{count} attacks, the session of the real peer untouched"

    def stranger(self, target, name, attack, upto=OPENED):
        """A connection of its own; it must be closed, and soon."""
        session = Session(target.me)
        try:
            session.open(upto)
            with contextlib.suppress(Dropped):
                attack(session)
            session.dropped(8)
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error
        finally:
            session.close()

    def proofs(self, target, wrong=None):
        """After hello: every type but a right AUTH, and wrong proofs."""
        count = 0
        for kind in BODY:
            if kind in (AUTH, REFUSED):
                continue
            self.stranger(target, f"type {kind} after hello", cases.send(
                0, kind, pack(kind), cases.smallest(kind)), HELLO_DONE)
            count += 1
        for body in wrong or (pack(AUTH), pack(AUTH, session=5),
                              pack(AUTH, session=5, mac=b"x" * 32)):
            self.stranger(target, "a wrong proof", cases.send(0, AUTH, body), HELLO_DONE)
            count += 1
        for name, attack, _ in cases.headers(0, AUTH):
            self.stranger(target, name, attack, HELLO_DONE)
            count += 1
        return count

    def half_sets(self):
        """Sets of connections that never become three; too many; then a good one."""
        with self.target() as target:
            halves = []
            for _ in range(3):
                halves.append(Session(target.me).open(AUTH_DONE))
            for _ in range(6):
                halves.append(Session(target.me).open(HELLO_DONE))
            for kind in (PING, STATE, WRITE):
                halves[2].links[0].send(kind, pack(kind), cases.smallest(kind))
            for half in halves:
                half.close()
            target.connect().close()
            other = Session(target.me).open(AUTH_DONE)      # data of another session
            other.id ^= 2
            link = Link(target.me.connection(), DATA)
            other.links.append(link)
            with contextlib.suppress(Dropped):
                other._initiate(link, UP)                   # pylint: disable=protected-access
            other.dropped(8)
            other.close()
            target.connect().close()
        return f"{len(halves) + 1} sets"

    # -- handshake

    def handshake(self):
        """Every type at every step of the handshake, wrong fields in its messages."""
        count = 0
        with self.target() as target:
            for upto in (ALL_AUTH, READY_SENT, SNAPSHOT_SENT, VERDICT_SENT):
                found = [*cases.places(HANDSHAKE_TYPES, UP_TYPES - HANDSHAKE_TYPES),
                         *cases.headers(CONTROL, PING)]
                found = found[self.args.seed % 3::3 if upto == ALL_AUTH else 12]
                count += self.all_cases(target, found, lambda u=upto: target.connect(u))
                count += self.held(target, upto)
            count += self.wrong_steps(target)
        return f"{count} attacks"

    def held(self, target, upto):
        """What is for later waits, and goes when the peer does."""
        count = 0
        for kind in (STATE, PROMOTE, WRITE, FLUSH, READ, BITMAP, RESYNC_DATA):
            session = target.connect(upto)
            for stream in STREAMS[kind]:
                session.links[stream].send(kind, pack(kind), cases.smallest(kind))
            session.close()
            count += 1
        return count

    def wrong_steps(self, target):
        count = 0
        for name, fields in cases.snapshots():
            def attack(session, fields=fields):
                control = session.links[CONTROL]
                control.expect(4)
                session.theirs = control.expect(SNAPSHOT)
                control.send(SNAPSHOT, session.snapshot(**fields))
            self.ends(target, name, READY_SENT, attack)
            count += 1
        for name, kind, fields in cases.handshake_fields():
            def attack(session, kind=kind, fields=fields):
                body = {VERDICT: {"verdict": session.verdict["verdict"] if session.verdict
                                  else 1, "nonce": session.theirs["nonce"]}}.get(kind, {})
                if kind == VERDICT:
                    session.links[CONTROL].expect(VERDICT)
                session.links[CONTROL].send(kind, pack(kind, **{**body, **fields}))
            if fields.get("verdict") != 1:
                self.ends(target, name, SNAPSHOT_SENT if kind == VERDICT else VERDICT_SENT,
                          attack)
                count += 1
        for kind in (5, 6, 7):
            self.ends(target, f"step {kind} out of order", ALL_AUTH,
                      cases.send(CONTROL, kind, pack(kind)))
            self.because("out of order")
            self.ends(target, f"step {kind - 1} twice", kind - 5 + READY_SENT,
                      cases.send(CONTROL, kind - 1, pack(kind - 1)))
            self.because("twice")
            count += 2
        return count

    def because(self, text):
        """It did not end because something else never came."""
        assert text in self.log.reasons[-1], f"{self.log.reasons[-1]!r}, not: {text}"

    def ends(self, target, name, upto, attack):
        """StandAlone is an answer too: then the user connects again."""
        self.case(target, (name, attack, DROP), lambda: target.connect(upto))
        if target.node.connection() == "StandAlone":
            target.node.hadm("connect", "r0")

    # -- established

    def established(self, primary):
        with self.target(primary=primary) as target:
            target.connect().close()        # in sync: no lone period any more
            target.baseline = None
            size = len(target.image) // 512
            found = [*cases.control_stream(target.me.own, primary),
                     *cases.data_stream(size), *cases.no_resync(),
                     *cases.places(UP_TYPES), *cases.headers(CONTROL, PING),
                     *cases.headers(DATA, FLUSH),
                     *[*cases.headers(DATA, WRITE)][::3]]
            if primary:                     # what differs, and half of the rest
                found = found[self.args.seed % 2::2]
            count = self.all_cases(target, found, target.connect)
            count += self.valid_io(target, primary)
        return f"{count} attacks"

    def secondary(self):
        """As its Primary."""
        return self.established(False)

    def primary(self):
        """As its Secondary."""
        return self.established(True)

    def valid_io(self, target, primary):
        """What is right is done, and nothing beside it; a Primary takes no writes."""
        session = target.connect()
        if primary:
            session.close()
            self.case(target, ("a write to a Primary", cases.send(DATA, WRITE, pack(
                WRITE, id=1, sector=64, length=512), b"x" * 512), DROP), target.connect)
            self.case(target, ("a lost slot to a Primary", cases.send(CONTROL, 64, pack(
                64, id=1, slot=target.me.own)), DROP), target.connect)
            return 2
        data = self.random.randbytes(8192)
        session.links[DATA].send(WRITE, pack(WRITE, id=5, sector=64, length=8192), data)
        assert session.wait(lambda got: got.kind == 35)["status"] == 0
        target.wrote(64 * 512, data)
        session.links[DATA].send(WRITE, pack(WRITE, id=6, sector=72, length=4096, op=48))
        assert session.wait(lambda got: got.kind == 35)["status"] == 0
        target.wrote(72 * 512, bytes(4096))
        session.links[DATA].send(READ, pack(READ, id=7, sector=56, length=16384))
        got = session.wait(lambda got: got.kind == 36)
        assert got.payload == target.image[56 * 512:56 * 512 + 16384]
        target.flush(session)
        session.close()
        # The real peer lacks this: it has to come over from here.
        target.check_data()
        target.other.run(["dd", f"if={target.node.disk()}", f"of={target.other.disk()}",
                          "bs=4k", "skip=8", "seek=8", "count=2", "conv=notrunc,fsync",
                          "status=none"])
        return 4

    # -- resync

    def sync_target(self):
        """It is target: data, digests, bits and ends that make no sense."""
        with self.target() as target:
            target.newer = NEWER
            target.connect().close()        # from now on it is Inconsistent
            target.baseline = None
            size = len(target.image) // 512
            found = [*cases.resync_as_source(size), *cases.resync_bits(size // 8),
                     *[*cases.data_stream(size)][::5], *cases.headers(RESYNC, 49)]
            count = self.all_cases(target, found, target.connect)
            self.unasked(target)
            target.finish_source()
        return f"{count + 1} attacks"

    def unasked(self, target):
        """Promoted it drives the resync: data it did not ask for may be old."""
        target.role = PRIMARY           # so that we are Secondary
        session = target.connect(check=False)
        session.bits_exchanged()
        job = target.node.start("exec hadm -c " + target.node.config + " primary r0")
        session.wait(lambda got: got.kind == STATE and got["role"] == PRIMARY)
        assert job.wait(20) == 0
        self.case(target, ("unasked data on a Primary", cases.send(
            RESYNC, RESYNC_DATA, pack(RESYNC_DATA, id=1, length=4096, flags=4),
            bytes(4096)), DROP), lambda: session)
        target.node.hadm("secondary", "r0")
        target.role = SECONDARY

    def sync_source(self):
        """It is source: requests, answers and bits that make no sense."""
        with self.target() as target:
            target.disk = INCONSISTENT
            size = len(target.image) // 512
            found = [*cases.resync_as_target(size), *cases.resync_bits(size // 8),
                     *[*cases.control_stream(target.me.own, False)][::3],
                     *cases.headers(RESYNC, 49)]

            def some_bits():            # which are taken, then comes the attack
                session = target.connect()
                session.links[RESYNC].send(BITMAP, pack(BITMAP, bits=64), b"\xff" * 8)
                target.baseline = None
                return session
            count = self.all_cases(target, found, some_bits)
            target.role = PRIMARY       # so that we are Secondary, and it drives
            target.finish_target()
            target.role = SECONDARY
        return f"{count} attacks"

    # -- other situations

    def initiator(self):
        """The end that opens the connections, attacked by the one that listens."""
        with self.target(number=1) as target:
            size = len(target.image) // 512
            found = [*[*cases.data_stream(size)][::12],
                     *[*cases.control_stream(target.me.own, False)][::9],
                     *[*cases.headers(CONTROL, PING)][::9]]
            count = self.all_cases(target, found, target.connect)
            for upto in (OPENED, HELLO_DONE, ALL_AUTH, SNAPSHOT_SENT):
                target.connect(upto, check=upto > ALL_AUTH).close()
                count += 1
        return f"{count} attacks"

    def leaving(self):
        """Disconnected by its user under a flood; the command ends in time."""
        count = 0
        with self.target() as target:
            for command in ("disconnect", "down"):
                for kind, size in ((WRITE, 65536), (READ, 0), (PING, 0), (PROMOTE, 0)):
                    self.flooded(target, command, kind, size)
                    count += 1
        return f"{count} floods"

    def flooded(self, target, command, kind, size):
        session = target.connect()
        stream = min(STREAMS[kind])
        job = target.node.start(["hadm", "-c", target.node.config, command, "r0"])
        data = target.image[:size]
        with contextlib.suppress(Dropped):
            while True:
                session.links[stream].send(kind, some(kind, id=9, length=size or 4096), data)
                while session.pump(0):
                    pass
        session.close()
        assert job.wait(20) == 0, f"{command}: {job.lines}"
        target.node.hadm("up" if command == "down" else "connect", "r0")
        target.baseline = None          # an attach is a new instance

    # -- by chance

    def flipped(self):
        """Valid messages with random bits flipped; the checksum is what it was."""
        return self.chance(False)

    def mutated(self):
        """Random bits flipped, and the checksum made right again."""
        return self.chance(True)

    def chance(self, fix):
        count, end = 0, time.monotonic() + self.args.seconds
        with contextlib.ExitStack() as stack:
            target = stack.enter_context(self.target()) if not fix else \
                Target(self.c, self.log, 0)
            while time.monotonic() < end:
                chance = random.Random(f"{self.args.seed} {fix} {count}")
                try:
                    self.one_chance(target, chance, fix)
                except Exception as error:
                    raise AssertionError(f"mutation {count} of seed {self.args.seed}: "
                                         f"{error}") from error
                count += 1
            if fix:
                target.leave()
        return f"{count} sessions, seed {self.args.seed}"

    def one_chance(self, target, chance, fix):
        if fix and target.node.connection() == "StandAlone":
            target.node.hadm("connect", "r0")
        upto = chance.choice([ALL_AUTH, READY_SENT, SNAPSHOT_SENT, UP, UP, UP, UP])
        try:
            session = target.connect(upto, check=not fix, patience=3 if fix else 15)
        except AssertionError:
            if not fix:
                raise
            # What it accepted may have changed it for good: begin anew.
            target.leave()
            self.again()
            target.__init__(self.c, self.log, self.c.nodes.index(target.node))
            session = target.connect(upto, check=False)
        with contextlib.suppress(Dropped, TimeoutError):
            for _ in range(chance.randrange(1, 8) if fix else 1):
                flipped = self.send_mutated(session, chance, fix)
            if fix:
                session.alive(0.3)
        if not fix:
            # It may wait for the session, or for what a wrong length announces.
            if upto < UP or flipped in LENGTHS:
                session.ended_by_us()
            target.ended(session, session.dropped())
        session.close()

    def send_mutated(self, session, chance, fix):
        kind = chance.choice(list(BODY))
        link = session.links[chance.choice(list(STREAMS[kind]))]
        body = bytearray(self.plausible(kind, session, chance))
        payload = bytearray(cases.smallest(kind))
        data = bytearray(message(kind, bytes(body), bytes(payload), tag=link.tag,
                                 sequence=link.sent))
        link.sent += 1
        if not fix:
            where = chance.randrange(len(data))
            data[where] ^= 1 << chance.randrange(8)
            link.raw(bytes(data))
            return where
        for _ in range(chance.randrange(4)):
            part = chance.choice([body, body, payload]) or body
            if part:
                part[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
        link.raw(message(kind, bytes(body), bytes(payload), tag=link.tag,
                         sequence=link.sent - 1))
        return None

    def plausible(self, kind, session, chance):
        """A body that may well be accepted."""
        if kind == SNAPSHOT and session.theirs:
            return session.snapshot()
        fields = {"id": chance.randrange(4), "length": len(cases.smallest(kind)) or 4096,
                  "sector": chance.randrange(1 << 15), "role": 2, "disk_state": 7,
                  "repl_state": 1, "what": 2, "bits": 64, "generation": chance.randrange(9),
                  "session": session.id, "slot": session.me.own, "ranges": 1,
                  "instance": session.me.instance, "verdict": 1}
        return pack(kind) if kind in (HELLO, AUTH, REFUSED) else some(kind, **fields)


ALL = ["before_hello", "half_sets", "handshake", "secondary", "primary", "sync_target",
       "sync_source", "initiator", "leaving", "windows",
       "digest_source", "digest_target", "diskless", "no_auth", "flipped", "mutated", "netlink",
       "netlink_random", "netlink_user", "images"]
