"""Resets the TCP connection on which a message of some type is seen leaving.

    resetter.py DEVICE TYPE

Prints "armed", and "reset" once it was done. It sends what the receiver takes for a RST
of the sender, with the very next sequence number; again while more data follows.
"""
# SPDX-License-Identifier: GPL-2.0-only
import socket
import struct
import sys

MAGIC = 0x31574168              # HA_WIRE_MAGIC
RST = 4
ETHERNET, IPV4, TCP, OUTGOING = 14, 0x0800, 6, 4
AGAIN = 300                     # packets of the same connection


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def parse(frame):
    """(sequence behind it, ports, payload) of a TCP segment with data, or None."""
    if len(frame) < ETHERNET + 40 or frame[ETHERNET + 9] != TCP:
        return None
    head = ETHERNET + (frame[ETHERNET] & 15) * 4
    length = struct.unpack_from(">H", frame, ETHERNET + 2)[0] or len(frame) - ETHERNET
    sequence = struct.unpack_from(">I", frame, head + 4)[0]
    payload = frame[head + (frame[head + 12] >> 4) * 4:ETHERNET + length]
    return (sequence + len(payload)) & 0xffffffff, frame[head:head + 4], payload


def reset(frame, sequence, ports):
    """The frame of a RST from the same sender."""
    ip = bytearray(frame[ETHERNET:ETHERNET + 20])
    ip[0], ip[2:4], ip[10:12] = 0x45, struct.pack(">H", 40), b"\0\0"
    ip[10:12] = struct.pack(">H", checksum(bytes(ip)))
    tcp = bytearray(ports + struct.pack(">IIBBHHH", sequence, 0, 5 << 4, RST, 0, 0, 0))
    pseudo = bytes(ip[12:20]) + struct.pack(">BBH", 0, TCP, len(tcp))
    tcp[16:18] = struct.pack(">H", checksum(pseudo + bytes(tcp)))
    return frame[:ETHERNET] + bytes(ip) + bytes(tcp)


def main(device, kind):
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.bind((device, 3))
    wanted, target, left = struct.pack("<IH", MAGIC, int(kind)), None, AGAIN
    print("armed", flush=True)
    while left:
        frame, address = tap.recvfrom(1 << 17)
        if address[1] != IPV4 or address[2] != OUTGOING:
            continue
        segment = parse(frame)
        if not segment or not segment[2]:
            continue
        sequence, ports, payload = segment
        if target is None and wanted in payload:
            target = ports
        if target == ports:
            tap.send(reset(frame, sequence, ports))
            if left == AGAIN:
                print("reset", flush=True)
            left -= 1


if __name__ == "__main__":
    main(*sys.argv[1:])
