"""Addresses: on a pair of interfaces; the other end listens to what is announced."""
# SPDX-License-Identifier: GPL-2.0-only
import ipaddress
import json
import pathlib
import select
import socket
import time

from site_of_tests import sh, wait_for

MAC = bytes.fromhex("020000000901")


class Wire:
    """v0 with an address of each family, v1 at its other end."""

    def __init__(self):
        sh("ip", "link", "del", "v0", check=False)
        sh("ip", "link", "add", "v0", "address", MAC.hex(":"), "type", "veth", "peer", "name",
           "v1")
        for name in ("v0", "v1"):
            sh("ip", "link", "set", name, "up")
        sh("ip", "address", "add", "10.9.0.1/24", "dev", "v0")
        sh("ip", "address", "add", "fd00:9::1/64", "dev", "v0", "nodad")
        self.listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.listener.bind(("v1", 0))

    def frames(self, seconds, wanted):
        """(time, frame) of what wanted() accepts."""
        found, begin = [], time.monotonic()
        while (left := begin + seconds - time.monotonic()) > 0:
            if select.select([self.listener], [], [], left)[0]:
                frame = self.listener.recv(2000)
                if wanted(frame):
                    found.append((time.monotonic() - begin, frame))
        return found

    def end(self):
        self.listener.close()
        sh("ip", "link", "del", "v0", check=False)


def shown(device="v0"):
    return [one["local"] for link in json.loads(sh("ip", "-j", "address", "show", device))
            for one in link.get("addr_info", [])]


def on_wire(function):
    def test(site):
        wire = Wire()
        try:
            function(site, wire)
        finally:
            wire.end()
    test.__doc__ = function.__doc__
    return test


@on_wire
def test_life(site, wire):
    """Interface and prefix are found by the network; stopping twice is stopping."""
    del wire
    what = ["address=10.9.0.50"]
    answer = site.run("ip", "-", "monitor", *what, code=7)
    assert answer["verdict"] == "fine", answer
    site.run("ip", "-", "start", *what)
    line = sh("ip", "-o", "-4", "address", "show", "v0")
    assert "10.9.0.50/24 brd 10.9.0.255" in line, line
    site.run("ip", "-", "start", *what)
    site.run("--role", "started", "ip", "-", "monitor", *what)
    site.run("ip", "-", "stop", *what)
    assert shown().count("10.9.0.50") == 0
    site.run("ip", "-", "stop", *what)
    site.run("ip", "-", "monitor", *what, code=7)


@on_wire
def test_refusals(site, wire):
    """Each refusal says what is wrong."""
    del wire
    for words, code, part in (
            (["address=10.77.0.1"], 5, "no interface has a network"),
            (["address=10.9.0.50", "dev=nope0"], 5, "no interface nope0"),
            (["address=10.9.0.500"], 6, "not an address"),
            (["addres=10.9.0.5"], 6, "no parameter"),
            ([], 6, "needs an address")):
        answer = site.run("ip", "-", "start", *words, code=code)
        assert part in answer["reason"], answer


@on_wire
def test_named_interface(site, wire):
    """A foreign network is fine on an interface that is named; label, /32."""
    del wire
    what = ["address=172.16.5.5/32", "dev=v0", "label=v0:web"]
    site.run("ip", "-", "start", *what)
    line = sh("ip", "-o", "-4", "address", "show", "v0")
    assert "172.16.5.5/32" in line and "v0:web" in line, line
    site.run("ip", "-", "stop", *what)


@on_wire
def test_gratuitous_arp(site, wire):
    """Three times at once, again after 1 s and after 5 s; request and reply each."""
    address = ipaddress.ip_address("10.9.0.60").packed
    process = site.start("--linger", 5600, "ip", "-", "start", "address=10.9.0.60")
    frames = wire.frames(7.5, lambda f: f[12:14] == b"\x08\x06" and f[28:32] == address)
    assert process.wait() == 0
    first = frames[0][0]
    for _, frame in frames:
        assert frame[:6] == b"\xff" * 6 and frame[6:12] == MAC, frame
        assert frame[22:28] == MAC and frame[38:42] == address, frame
    kinds = [frame[21] for _, frame in frames]
    assert kinds == [1, 2] * 5, kinds
    times = [when - first for when, _ in frames]
    assert max(times[:6]) < 0.3, times
    assert all(0.8 < when < 1.7 for when in times[6:8]), times
    assert all(4.7 < when < 5.8 for when in times[8:]), times


@on_wire
def test_neighbour_advertisement(site, wire):
    """IPv6: usable at once, no duplicate detection, advertised to all nodes."""
    address = ipaddress.ip_address("fd00:9::50").packed
    process = site.start("--linger", 1200, "ip", "-", "start", "address=fd00:9::50")
    frames = wire.frames(3.5, lambda f: f[12:14] == b"\x86\xdd" and f[20] == 58
                         and f[54] == 136 and f[62:78] == address)
    assert process.wait() == 0
    line = sh("ip", "-o", "-6", "address", "show", "v0")
    assert "fd00:9::50/64" in line and "nodad" in line and "tentative" not in line, line
    assert len(frames) == 4, frames
    for _, frame in frames:
        assert frame[21] == 255 and frame[58] & 0x20 and frame[80:86] == MAC, frame
        words = frame[22:54] + b"\0\0\0\x20\0\0\0\x3a" + frame[54:86]
        total = sum(int.from_bytes(words[i:i + 2], "big") for i in range(0, len(words), 2))
        while total >> 16:
            total = (total & 0xffff) + (total >> 16)
        assert total == 0xffff, hex(total)
    site.run("ip", "-", "monitor", "address=fd00:9::50")
    site.run("ip", "-", "stop", "address=fd00:9::50")
    assert "fd00:9::50" not in shown()


@on_wire
def test_deprecated_source(site, wire):
    """prefer=no: IPv6 does not use it for connections that begin here."""
    del wire
    site.run("ip", "-", "start", "address=fd00:9::51", "prefer=no")
    assert "deprecated" in sh("ip", "-o", "-6", "address", "show", "v0")


@on_wire
def test_announce_again(site, wire):
    """reload announces what is here, and refuses what is not."""
    address = ipaddress.ip_address("10.9.0.61").packed
    site.run("ip", "-", "reload", "address=10.9.0.61", code=7)
    site.run("ip", "-", "start", "address=10.9.0.61", "announce=no")
    site.start("ip", "-", "reload", "address=10.9.0.61")
    assert len(wire.frames(1.5, lambda f: f[28:32] == address)) == 6


@on_wire
def test_stop_ends_announcements(site, wire):
    """Nobody is told of an address that has gone."""
    address = ipaddress.ip_address("10.9.0.62").packed
    site.start("--then", "stop", "--linger", 1500, "ip", "-", "start", "address=10.9.0.62")
    assert len(wire.frames(3, lambda f: f[28:32] == address)) == 6


@on_wire
def test_others_survive_a_stop(site, wire):
    """Removing the first address of a network keeps the others of it."""
    del wire
    pathlib.Path("/proc/sys/net/ipv4/conf/v0/promote_secondaries").write_text("0")
    pathlib.Path("/proc/sys/net/ipv4/conf/all/promote_secondaries").write_text("0")
    site.run("ip", "-", "start", "address=10.20.0.1/24", "dev=v0")
    site.run("ip", "-", "start", "address=10.20.0.2/24", "dev=v0")
    site.run("ip", "-", "stop", "address=10.20.0.1/24", "dev=v0")
    assert "10.20.0.2" in shown() and "10.20.0.1" not in shown(), shown()


@on_wire
def test_link(site, wire):
    """A link that is down or has no carrier is a failure, unless that is said to be fine."""
    del wire
    what = ["address=10.9.0.70"]
    site.run("ip", "-", "start", *what)
    sh("ip", "link", "set", "v1", "down")
    answer = site.run("--role", "started", "ip", "-", "monitor", *what, code=1)
    assert "no carrier" in answer["reason"], answer
    site.run("ip", "-", "monitor", *what, "carrier=no")
    sh("ip", "link", "set", "v0", "down")
    answer = site.run("ip", "-", "start", *what, "dev=v0", code=1)
    assert "is down" in answer["reason"], answer
    answer = site.run("ip", "-", "monitor", *what, code=1)
    assert "is down" in answer["reason"], answer


@on_wire
def test_watch_by_events(site, wire):
    """Without any interval: a lost address and a lost carrier are told at once."""
    del wire
    what = ["address=10.9.0.71"]
    site.run("ip", "-", "start", *what)
    process = site.start("--watch", 0, "--for", 2500, "--role", "started", "ip", "-", "monitor",
                         *what)
    first = json.loads(process.stdout.readline())
    assert first["code"] == 0, first
    began = time.monotonic()
    sh("ip", "address", "del", "10.9.0.71/24", "dev", "v0")
    lost = json.loads(process.stdout.readline())
    took = time.monotonic() - began
    assert lost["code"] == 7 and lost["verdict"] == "failed" and took < 0.5, (lost, took)
    sh("ip", "address", "add", "10.9.0.71/24", "dev", "v0")
    assert json.loads(process.stdout.readline())["code"] == 0
    sh("ip", "link", "set", "v1", "down")
    assert "no carrier" in json.loads(process.stdout.readline())["reason"]


@on_wire
def test_loopback_does_not_count(site, wire):
    """A real server behind a director has the address on its loopback."""
    del wire
    sh("ip", "address", "add", "10.9.0.80/32", "dev", "lo")
    site.run("ip", "-", "monitor", "address=10.9.0.80", code=7)
    site.run("ip", "-", "start", "address=10.9.0.80")
    site.run("ip", "-", "stop", "address=10.9.0.80")
    wait_for(lambda: "10.9.0.80" in shown("lo"), 1, "the loopback")
    sh("ip", "address", "del", "10.9.0.80/32", "dev", "lo")


@on_wire
def test_stop_of_a_pair_of_addresses(site, wire):
    """An address that was given with a peer's is removed as well, in bounded time."""
    del wire
    sh("ip", "address", "add", "10.9.1.1", "peer", "10.9.1.2/32", "dev", "v0")
    site.run("ip", "-", "stop", "address=10.9.1.1", timeout=10)
    assert "10.9.1.1" not in shown()
