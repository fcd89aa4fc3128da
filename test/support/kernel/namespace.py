"""Anonymous network namespaces: they exist as file descriptors of this process and vanish with it."""
import ctypes
import fcntl
import os
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

from .netlink import CREATE, EXCL, NEWLINK, Netlink, attr, text, u32

_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
ETHTOOL_GLINK, SIOCETHTOOL = 0x0A, 0x8946


def _check(result):
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def enter(fd):
    _check(_libc.setns(fd, CLONE_NEWNET))


def unshare():
    _check(_libc.unshare(CLONE_NEWNET))


def current():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def write_sysctls(pairs):
    """Writes [(key below /proc/sys/net, value)] in the current namespace; gives the keys that do not exist."""
    missing = []
    for key, value in pairs:
        try:
            fd = os.open("/proc/sys/net/" + key, os.O_WRONLY)
        except FileNotFoundError:
            missing.append(key)
            continue
        try:
            os.write(fd, str(value).encode())
        finally:
            os.close(fd)
    return missing


def read_sysctl(key):
    try:
        with open("/proc/sys/net/" + key) as file:
            return file.read().strip()
    except OSError:
        return None


class Home:
    """A namespace of our own to work from: wires are made here, straight into the others."""

    def __init__(self):
        unshare()
        self.fd = current()
        self.links = Netlink()
        # closing a packet socket waits until no processor looks at it any more: others do that while we go on
        self.closers = ThreadPoolExecutor(8)
        self.written = {}

    def needed(self, sysctls):
        """Those of the settings that a fresh namespace does not have already: every fresh one starts alike."""
        key = id(sysctls)
        if key not in self.written:
            unshare()
            wrong = [(k, v) for k, v in sysctls if read_sysctl(k) != str(v)]
            # writing a forwarding switch changes others too
            self.written[key] = sysctls if any("forward" in k for k, _ in wrong) else wrong
            enter(self.fd)
        return self.written[key]

    def veth(self, a, name_a, mac_a, b, name_b, mac_b):
        """A pair of interfaces, each made in place with the index that is next there. They are still down."""
        index_a, index_b = a.next_index(name_a), b.next_index(name_b)

        def end(index, name, namespace, mac):
            return (struct.pack("=BBHiII", 0, 0, 0, index, 0, 0) + text(3, name) + attr(1, mac) + u32(28, namespace.fd))

        peer = attr(1, end(index_b, name_b, b, mac_b))
        body = end(index_a, name_a, a, mac_a) + attr(18, attr(1, b"veth\0") + attr(2, peer))
        self.links.put(NEWLINK, body, CREATE | EXCL)

    def close(self):
        self.closers.shutdown()
        self.links.close()
        os.close(self.fd)


class Namespace:
    """One network namespace. `with namespace:` works inside it."""

    def __init__(self, home, sysctls=()):
        self.home, self.indexes, self.closers = home, {"lo": 1}, []
        unshare()
        try:
            self.fd = current()
            self.missing = write_sysctls(sysctls)
            self.netlink = Netlink()
        finally:
            enter(home.fd)

    def __enter__(self):
        enter(self.fd)
        return self

    def __exit__(self, *_):
        enter(self.home.fd)

    def next_index(self, name):
        self.indexes[name] = max(self.indexes.values()) + 1
        return self.indexes[name]

    def set_link(self, name, up, master=None):
        body = struct.pack("=BBHiII", 0, 0, 0, self.indexes[name], int(up), 1)
        self.netlink.put(NEWLINK, body + (u32(10, self.indexes[master]) if master else b""))

    def settle(self, names):
        """
        Makes new wires carry packets now: the end that came up first waits for the kernel's link-watch worker, and
        asking for the link state through ethtool runs that worker at once. Call inside the namespace.
        """
        value = ctypes.create_string_buffer(8)
        pointer = struct.pack("@P", ctypes.addressof(value))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            for name in names:
                struct.pack_into("=II", value, 0, ETHTOOL_GLINK, 0)
                fcntl.ioctl(s, SIOCETHTOOL, (struct.pack("16s", name.encode()) + pointer).ljust(40, b"\0"))

    def close(self):
        """Returns at once; the sockets are closed by the home's helpers."""
        for close in [*self.closers, self.netlink.close]:
            self.home.closers.submit(close)
        os.close(self.fd)
