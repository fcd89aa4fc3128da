"""The sockets of one namespace: what arrives there, what leaves, and servers that answer."""
import socket
import struct

from . import bpf
from .packet import read, transport

SO_ATTACH_FILTER, SO_RCVBUFFORCE, SO_RXQ_OVFL = 26, 33, 40
IP_PKTINFO, IPV6_RECVPKTINFO, IPV6_PKTINFO, ICMPV6_FILTER = 8, 49, 50, 1
NO_LINGER = struct.pack("=ii", 1, 0)
FLAGS = socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC


def raw(family, protocol, program=None):
    s = socket.socket(family, socket.SOCK_RAW | FLAGS, protocol)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 4 << 20)
    if program:
        s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
    return s


def raw_six(protocol, program=None):
    s = raw(socket.AF_INET6, protocol, program)
    s.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
    if protocol == 58:  # echo and errors only
        words = [0xFFFFFFFF] * 8
        for kind in (1, 2, 3, 4, 128, 129):
            words[kind // 32] &= ~(1 << kind % 32)
        s.setsockopt(58, ICMPV6_FILTER, struct.pack("=8I", *words))
    return s


def server(family, kind, port):
    s = socket.socket(family, kind | FLAGS)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if kind == socket.SOCK_DGRAM:
        six = family == socket.AF_INET6
        s.setsockopt(socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP, IPV6_RECVPKTINFO if six else IP_PKTINFO, 1)
    s.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))
    if kind == socket.SOCK_STREAM:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)  # accepted connections inherit it
        s.listen(256)
    return s


class Ears:
    """Everything that listens in one namespace. `ports`: {tcp: [...], udp: [...]}. Make it inside the namespace."""

    def __init__(self, ports):
        self.four = [raw(socket.AF_INET, 1), raw(socket.AF_INET, 17), raw(socket.AF_INET, 6, bpf.SYN_OR_RST_4)]
        self.six = [(raw_six(58), 58), (raw_six(17), 17), (raw_six(6, bpf.SYN_OR_RST_6), 6)]
        self.ping = {4: self.four[0], 6: self.six[0][0]}
        self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | FLAGS, socket.htons(3))
        self.wire.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, bpf.OUTGOING)
        families = (socket.AF_INET, socket.AF_INET6)
        self.udp = [server(f, socket.SOCK_DGRAM, p) for f in families for p in ports["udp"]]
        self.tcp = [server(f, socket.SOCK_STREAM, p) for f in families for p in ports["tcp"]]

    def arrivals(self):
        """What was delivered to this host: `packet.read` of each packet."""
        for s in self.four:
            while True:
                try:
                    data = s.recv(2048)
                except BlockingIOError:
                    break
                if found := read(data):
                    yield found
        for s, protocol in self.six:
            while True:
                try:
                    data, extra, _, source = s.recvmsg(2048, 64)
                except BlockingIOError:
                    break
                to = next(socket.inet_ntop(socket.AF_INET6, v[:16]) for _, k, v in extra if k == IPV6_PKTINFO)
                if found := transport(data, 0, protocol, (source[0].partition("%")[0], to, 0)):
                    yield found

    def departures(self):
        """What left: (interface, `packet.read` of it) of each packet."""
        while True:
            try:
                data, where = self.wire.recvfrom(2048)
            except BlockingIOError:
                return
            if found := read(data):
                yield where[0], found

    def close(self):
        for s in [*self.four, *(s for s, _ in self.six), self.wire, *self.udp, *self.tcp]:
            s.close()
