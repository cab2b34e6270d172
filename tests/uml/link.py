"""What an end sends vanishes, or not: the qdisc of its interface, by route netlink.

It is what "tc qdisc replace dev v root netem loss 100%" does, without a program for it.
"""
# SPDX-License-Identifier: GPL-2.0-only
import errno
import os
import socket
import struct

import netlink

NEWQDISC, DELQDISC = 36, 37
CREATE, REPLACE = 0x400, 0x100
KIND, OPTIONS, ROOT = 1, 2, 0xffffffff
TC = struct.Struct("=BxxxiIII")         # family, interface, handle, parent, info
NETEM = struct.Struct("=IIIIII")        # latency, limit, loss, gap, duplicate, jitter
ALL = 0xffffffff                        # of the packets are lost


class Link:
    """The interface of one namespace."""

    def __init__(self, namespace, interface="v"):
        self.socket = netlink.inside(namespace, socket.NETLINK_ROUTE)
        self.socket.bind((0, 0))
        self.index = self._index(namespace, interface)
        self.sequence = 0

    @staticmethod
    def _index(namespace, interface):
        with netlink.inside(namespace, socket.NETLINK_ROUTE) as there:
            there.bind((0, 0))
            body = struct.pack("=BxHiII", 0, 0, 0, 0, 0) + \
                netlink.raw(3, interface.encode() + b"\0")      # IFLA_IFNAME
            there.send(netlink.HEAD.pack(netlink.HEAD.size + len(body), 18,
                                         netlink.REQUEST, 1, 0) + body)  # GETLINK
            data = there.recv(65536)
        return struct.unpack_from("=i", data, netlink.HEAD.size + 4)[0]

    def _ask(self, kind, flags, options=b""):
        self.sequence += 1
        body = TC.pack(0, self.index, 0, ROOT, 0) + netlink.raw(KIND, b"netem\0") + options
        self.socket.send(netlink.HEAD.pack(
            netlink.HEAD.size + len(body), kind, netlink.REQUEST | netlink.ACK | flags,
            self.sequence, 0) + body)
        answer = self.socket.recv(65536)
        return -struct.unpack_from("<i", answer, netlink.HEAD.size)[0]

    def cut(self):
        error = self._ask(NEWQDISC, CREATE | REPLACE, netlink.raw(
            OPTIONS, NETEM.pack(0, 1000, ALL, 0, 0, 0)))
        if error:
            raise OSError(error, os.strerror(error))

    def join(self):
        error = self._ask(DELQDISC, 0)
        if error not in (0, errno.ENOENT, errno.EINVAL):        # there was none
            raise OSError(error, os.strerror(error))
