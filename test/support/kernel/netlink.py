"""rtnetlink: a queue of requests sent in few system calls, and dumps."""
import errno
import os
import socket
import struct

NEWLINK, SETLINK, GETLINK = 16, 19, 18
NEWADDR, GETADDR = 20, 22
NEWROUTE, GETROUTE = 24, 26
NEWNEIGH = 28
NEWRULE, DELRULE, GETRULE = 32, 33, 34
REQUEST, ACK, DUMP = 0x1, 0x4, 0x300
REPLACE, EXCL, CREATE, APPEND = 0x100, 0x200, 0x400, 0x800
NLMSG_ERROR, NLMSG_DONE = 2, 3


def attr(kind, value):
    """One attribute, padded."""
    return struct.pack("=HH", 4 + len(value), kind) + value + b"\0" * (-len(value) % 4)


def u32(kind, number):
    return attr(kind, struct.pack("=I", number & 0xFFFFFFFF))


def text(kind, value):
    return attr(kind, value.encode() + b"\0")


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def packed(address):
    return socket.inet_pton(family_of(address), address)


def unpacked(value):
    return socket.inet_ntop(socket.AF_INET if len(value) == 4 else socket.AF_INET6, value)


def attributes(data, offset, end):
    """{kind: bytes} of one attribute list; the last of several equal ones."""
    found = {}
    while offset + 4 <= end:
        length, kind = struct.unpack_from("=HH", data, offset)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[offset + 4:offset + length]
        offset += (length + 3) & ~3
    return found


class Netlink:
    """One rtnetlink socket; it belongs to the namespace that the process is in when it is made."""

    def __init__(self):
        self.queue, self.labels, self.sequence = [], [], 0
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.setsockopt(270, 10, 1)  # NETLINK_CAP_ACK: short acknowledgements
        self.socket.settimeout(10)

    def put(self, kind, body, flags=0, label=None):
        """Queues a request. `label` names it should the kernel refuse it; without one a refusal is an error of ours."""
        self.sequence += 1
        header = struct.pack("=IHHII", 16 + len(body), kind, REQUEST | ACK | flags, self.sequence, 0)
        self.queue.append(header + body)
        self.labels.append(label)

    def commit(self):
        """Sends the queue; gives [(label, errno name)] of what the kernel refused."""
        queue, labels, self.queue, self.labels = self.queue, self.labels, [], []
        first, refused = self.sequence - len(queue) + 1, []
        for start in range(0, len(queue), 100):
            part = queue[start:start + 100]
            self.socket.send(b"".join(part))
            left = len(part)
            while left:
                data, offset = self.socket.recv(1 << 16), 0
                while offset < len(data):
                    length, kind, _, sequence, _ = struct.unpack_from("=IHHII", data, offset)
                    if kind == NLMSG_ERROR:
                        left -= 1
                        code = -struct.unpack_from("=i", data, offset + 16)[0]
                        if code:
                            label = labels[sequence - first]
                            if label is None:
                                raise OSError(code, f"request {sequence - first}: {os.strerror(code)}")
                            refused.append((label, errno.errorcode.get(code, str(code))))
                    offset += (length + 3) & ~3
        return refused

    def dump(self, kind, body):
        """The (offset of the body, end, data) of every answer."""
        self.sequence += 1
        self.socket.send(struct.pack("=IHHII", 16 + len(body), kind, REQUEST | DUMP, self.sequence, 0) + body)
        while True:
            data, offset = self.socket.recv(1 << 18), 0
            while offset < len(data):
                length, answer, _, sequence, _ = struct.unpack_from("=IHHII", data, offset)
                if sequence == self.sequence:
                    if answer == NLMSG_DONE:
                        return
                    if answer == NLMSG_ERROR:
                        code = -struct.unpack_from("=i", data, offset + 16)[0]
                        raise OSError(code, f"dump {kind}: {os.strerror(code)}")
                    yield offset + 16, offset + length, data
                offset += (length + 3) & ~3

    def close(self):
        self.socket.close()
