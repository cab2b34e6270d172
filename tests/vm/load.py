"""Inside a guest: writers that report each acknowledged write, and their checkers.

    load.py write DEVICE SEED BLOCKS [WORKERS] [FLUSH_EVERY]
    load.py check DEVICE SEED BLOCKS WORKERS [flushed] < reports
    load.py journal FILE
    load.py journal-check FILE NUMBER

Write number n of a worker goes to a block that follows from seed, worker and n, and
carries these three and a digest; so a checker that knows how far each worker had got
knows what each block must hold, at least. A report is "WORKER NUMBER FLUSHED":
acknowledged up to NUMBER, and an fsync has returned that covers all up to FLUSHED.
"""
# SPDX-License-Identifier: GPL-2.0-only
import hashlib
import itertools
import mmap
import os
import signal
import struct
import sys

BLOCK = 4096
HEAD = struct.Struct("<QQQ")    # worker, number, block
RECORD = 64


def block_of(seed, worker, workers, number, blocks):
    """Workers own every workers-th block, so no two write the same one."""
    text = f"{seed} {worker} {number}".encode()
    value = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
    return value % (blocks // workers) * workers + worker


def contents(seed, worker, number, block):
    head = HEAD.pack(worker, number, block)
    key = str(seed).encode()
    body = hashlib.shake_128(key + head).digest(64)
    return head + (body * (BLOCK // 64))[:BLOCK - len(head)]


def report(text):
    os.write(1, (text + "\n").encode())     # one write: lines of workers do not mix


def write_worker(path, seed, worker, workers, blocks, flush_every):
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    fd = os.open(path, os.O_RDWR | os.O_DIRECT)
    buffer = mmap.mmap(-1, BLOCK)
    flushed = 0
    for number in itertools.count(1):
        if stopped:
            return 0
        block = block_of(seed, worker, workers, number, blocks)
        buffer[:] = contents(seed, worker, number, block)
        try:
            os.pwrite(fd, buffer, block * BLOCK)
            if flush_every and number % flush_every == 0:
                os.fsync(fd)
                flushed = number
        except OSError as error:
            report(f"error {worker} {number} {error.errno}")
            return 1
        report(f"{worker} {number} {flushed}")


def terminate(children):
    for child in children:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            pass        # it has ended, and was waited for


def write(path, seed, blocks, workers="4", flush_every="0"):
    blocks, workers, children = int(blocks), int(workers), []
    # a stop that comes early waits until each process has its own handler
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    signal.signal(signal.SIGTERM, lambda *_: terminate(children))
    waits, go = os.pipe()
    for worker in range(workers):
        child = os.fork()
        if child == 0:
            # Who has seen a write may kill all: none is in the middle of a fork, which
            # User Mode Linux does not survive (flush_tlb_mm and a mm that is not whole).
            os.close(go)
            os.read(waits, 1)
            os._exit(write_worker(path, seed, worker, workers, blocks,
                                  int(flush_every)))
        children.append(child)
    os.close(go)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    status = [os.waitpid(child, 0)[1] for child in children]
    return 1 if any(status) else 0


def expected(seed, blocks, workers, acked):
    """For each written block: the worker and the least number it must carry."""
    least = {}
    for worker, last in acked.items():
        for number in range(1, last + 1):
            block = block_of(seed, worker, workers, number, blocks)
            least[block] = (worker, number)
    return least


def reached(lines, flushed):
    """How far each worker is known to have got: acknowledged, or flushed."""
    last = {}
    for line in lines:
        worker, *numbers = map(int, line.split())
        last[worker] = max(numbers[1 if flushed else 0], last.get(worker, 0))
    return last


def check(path, seed, blocks, workers, level="acknowledged"):
    acked = reached(sys.stdin, level == "flushed")
    if not acked or not all(acked.values()):
        print("nothing acknowledged: nothing to check")
        return 1
    fd = os.open(path, os.O_RDONLY | os.O_DIRECT)
    buffer = mmap.mmap(-1, BLOCK)
    wrong = 0
    least = expected(seed, int(blocks), int(workers), acked)
    for block, (worker, number) in sorted(least.items()):
        os.preadv(fd, [buffer], block * BLOCK)
        found_worker, found, where = HEAD.unpack(buffer[:HEAD.size])
        good = (found_worker, where) == (worker, block) and found >= number \
            and buffer[:] == contents(seed, worker, found, block)
        if not good:
            wrong += 1
            if wrong <= 10:
                print(f"block {block}: holds write {found} of worker {found_worker} "
                      f"for block {where}, expected at least {number} of {worker}")
    print(f"{len(least)} blocks checked, {wrong} wrong")
    return 1 if wrong else 0


def record(number):
    text = f"record {number:012d} ".encode()
    digest = hashlib.blake2b(text, digest_size=16).hexdigest().encode()
    return (text + digest).ljust(RECORD - 1, b".") + b"\n"


def journal(path):
    """Append records, each fsync'd before it is reported."""
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number in itertools.count(1):
        if stopped:
            return 0
        os.write(fd, record(number))
        os.fsync(fd)
        report(str(number))


def journal_check(path, count):
    with open(path, "rb") as file:
        for number in range(1, int(count) + 1):
            if file.read(RECORD) != record(number):
                print(f"record {number} of {count} is missing or wrong")
                return 1
    print(f"{count} records present")
    return 0


if __name__ == "__main__":
    verbs = {"write": write, "check": check, "journal": journal,
             "journal-check": journal_check}
    sys.exit(verbs[sys.argv[1]](*sys.argv[2:]))
