"""What clients had an answer for must be there, and one node at a time has served."""
# SPDX-License-Identifier: GPL-2.0-only


def answers(client):
    """(time, number, node) of each answer of a client, see journal.py."""
    return [(float(t), int(n), node) for t, n, node in
            (line.split() for _, line in list(client.lines))]


def gaps(given):
    """(seconds, before, after) where another node answers than before, in their order."""
    return [(two[0] - one[0], one[2], two[2]) for one, two in zip(given, given[1:])
            if one[2] != two[2]]


def longest_gap(given, since=0.0):
    """The longest time without an answer that began at a time or later, in seconds."""
    times = [answer[0] for answer in given if answer[0] >= since]
    return max((two - one for one, two in zip(times, times[1:])), default=0.0)


def check_journal(text, given):
    """Every acknowledged record is there; the one who serves changed by a start only.

    The nodes that served, in their order.
    """
    records = [line.split() for line in text.splitlines()]
    there = {int(word) for word, _ in records if word != "start"}
    lost = [number for _, number, _ in given if number not in there]
    assert not lost, f"{len(lost)} acknowledged records are lost, the first: {lost[:3]}"
    server = None
    for word, node in records:
        assert word == "start" or node == server, f"{node} served while {server} did"
        server = node if word == "start" else server
    return [node for word, node in records if word == "start"]
