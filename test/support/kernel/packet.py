"""
Reading the packets of probes. A packet says itself which probe it belongs to: by the number that probes carry in their
payload, or for TCP by the first sequence number of the connection, which is chosen so and which no translation changes.
"""
import struct
from socket import AF_INET, AF_INET6, inet_ntop

MAGIC = b"wmkp"
REQUEST, REPLY = ord("Q"), ord("A")
_tag = struct.Struct(">4sBI")
SYN, RST, ACK = 2, 4, 16
FIRST_SEQUENCE, SEQUENCE_STEP = 0x40000000, 256


def first_sequence(number):
    """The initial sequence number of that probe's TCP connection; `number` below 65536."""
    return FIRST_SEQUENCE + number * SEQUENCE_STEP


def number_of(sequence):
    return (sequence - FIRST_SEQUENCE) // SEQUENCE_STEP


def tag(letter, number):
    """The payload of a probe: 16 bytes."""
    return _tag.pack(MAGIC, letter, number) + b"\0" * 7


def read_tag(data, offset):
    """(letter, number), or None."""
    if len(data) < offset + 9:
        return None
    magic, letter, number = _tag.unpack_from(data, offset)
    return (letter, number) if magic == MAGIC else None


def read(data):
    """
    (number, what, source, destination, source port, destination port, ttl, detail) of a packet that starts with its IP
    header, or None when it is of no probe. What: `request`, `reply`, `reset`, `error`; detail of an error: (type, code,
    what the packet is that it speaks of, that packet's ends). The number may be any where a stranger's packet looks like ours.
    """
    if not data:
        return None
    if data[0] >> 4 == 4:
        header = (data[0] & 15) * 4
        protocol, ttl = data[9], data[8]
        source, destination = inet_ntop(AF_INET, data[12:16]), inet_ntop(AF_INET, data[16:20])
    elif len(data) >= 40:
        header, protocol, ttl = 40, data[6], data[7]
        source, destination = inet_ntop(AF_INET6, data[8:24]), inet_ntop(AF_INET6, data[24:40])
    else:
        return None
    return transport(data, header, protocol, (source, destination, ttl))


def transport(data, at, protocol, ends):
    """The same from the transport header on; `ends` is (source, destination, ttl)."""
    source, destination, ttl = ends
    if len(data) < at + 8:
        return None
    if protocol == 17:
        sport, dport = struct.unpack_from(">HH", data, at)
        found = read_tag(data, at + 8)
        return found and (found[1], "request" if found[0] == REQUEST else "reply", source, destination, sport, dport, ttl, None)
    if protocol == 6:
        return tcp(data, at, ends)
    if protocol == 1 or protocol == 58:
        return icmp(data, at, protocol == 58, ends)
    return None


def tcp(data, at, ends):
    source, destination, ttl = ends
    sport, dport, sequence = struct.unpack_from(">HHI", data, at)
    acknowledged, flags = 0, SYN  # an ICMP error may show 8 bytes only
    if len(data) >= at + 14:
        acknowledged, flags = struct.unpack_from(">I", data, at + 8)[0], data[at + 13]
    what = "reset" if flags & RST else "reply" if flags & ACK else "request"
    if not flags & SYN and what != "reset":
        return None
    number = number_of(acknowledged - 1 if flags & ACK else sequence)
    return (number, what, source, destination, sport, dport, ttl, None)


def icmp(data, at, six, ends):
    source, destination, ttl = ends
    kind, code, identifier = data[at], data[at + 1], struct.unpack_from(">H", data, at + 4)[0]
    if kind in ((128, 129) if six else (8, 0)):
        found = read_tag(data, at + 8)
        what = "request" if kind in (8, 128) else "reply"
        return found and (found[1], what, source, destination, identifier, identifier, ttl, None)
    if kind in ((1, 2, 3, 4) if six else (3, 11, 12)):
        inner = read(data[at + 8:])
        return inner and (inner[0], "error", source, destination, 0, 0, ttl, (kind, code, inner[1], inner[2:6]))
    return None


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def echo_request(identifier, number, six):
    """An ICMP echo request; the kernel fills in ICMPv6's checksum."""
    payload = tag(REQUEST, number)
    head = struct.pack(">BBHHH", 128 if six else 8, 0, 0, identifier, number & 0xFFFF)
    return head + payload if six else head[:2] + struct.pack(">H", checksum(head + payload)) + head[4:] + payload
