"""Sends probes in many networks at once, lets servers answer, and gathers what happened until nothing more happens."""
import errno
import select
import socket
import struct

from .ears import IP_PKTINFO, IPV6_PKTINFO, NO_LINGER, FLAGS, Ears
from .namespace import enter
from .packet import REPLY, REQUEST, echo_request, first_sequence, read_tag, tag

TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
TCP_ESTABLISHED = 1
IP_RECVERR, IPV6_RECVERR = (0, 11), (41, 25)
FROM_ICMP = (2, 3)  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6


def error_name(error):
    return errno.errorcode.get(error.errno, str(error.errno))


class Round:
    """Probes of several networks that share one silence. `networks`: [(built, spec)]."""

    def __init__(self, networks, quiet):
        self.networks, self.quiet, self.epoll, self.sockets, self.handlers = networks, quiet, select.epoll(), [], {}
        self.ears, self.probes, self.results, self.asked = [], [], [], []
        for built, spec in networks:
            ears = {}
            for name, namespace in built.hosts.items():
                with namespace:
                    ears[name] = Ears(spec["ports"])
                namespace.closers.append(ears[name].close)
                for s in ears[name].udp:
                    self.watch(s, self.udp_request)
                for s in ears[name].tcp:
                    self.watch(s, self.accept)
            self.ears.append(ears)
            for probe in spec["probes"]:
                self.probes.append((built, ears, probe))
                self.results.append({"error": None, "arrived": [], "answered": [], "refused": [], "wire": []})

    def watch(self, s, handler, events=select.EPOLLIN):
        self.handlers[s.fileno()] = (s, handler)
        self.epoll.register(s.fileno(), events)

    def run(self):
        """The results of all probes, network by network."""
        for number, (built, ears, probe) in enumerate(self.probes):
            namespace = built.hosts[probe["from"]]
            try:
                if probe["protocol"] == "icmp":
                    self.ping(ears[probe["from"]], probe, number)
                else:
                    enter(namespace.fd)
                    try:
                        (self.tcp if probe["protocol"] == "tcp" else self.udp)(probe, number)
                    finally:
                        enter(namespace.home.fd)
            except OSError as error:
                self.results[number]["error"] = error_name(error)
            if number % 16 == 15:
                self.turn(0)
        while self.turn(self.quiet):
            pass
        self.gather()
        return self.results

    def turn(self, patience):
        events = self.epoll.poll(patience, 512)
        for fd, event in events:
            s, handler = self.handlers[fd]
            handler(s, event)
        return bool(events)

    # --- the probes
    def ping(self, ears, probe, number):
        six = ":" in probe["destination"]
        extra = []
        if probe.get("source"):
            address = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, probe["source"])
            extra.append((41, IPV6_PKTINFO, address + struct.pack("=I", 0)) if six
                         else (0, IP_PKTINFO, struct.pack("=I4sI", 0, address, 0)))
        if probe.get("tos"):
            extra.append((41, 67, struct.pack("=i", probe["tos"])) if six else (0, 1, struct.pack("=i", probe["tos"])))
        data = echo_request(probe["sourcePort"], number, six)
        ears.ping[6 if six else 4].sendmsg([data], extra, 0, (probe["destination"], 0))

    def client(self, probe, kind):
        six = ":" in probe["destination"]
        s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, kind | FLAGS)
        self.sockets.append(s)
        if probe.get("tos"):
            s.setsockopt(41 if six else 0, 67 if six else 1, probe["tos"])
        s.bind((probe.get("source") or ("::" if six else "0.0.0.0"), probe["sourcePort"]))
        return s

    def udp(self, probe, number):
        s = self.client(probe, socket.SOCK_DGRAM)
        s.setsockopt(*(IPV6_RECVERR if ":" in probe["destination"] else IP_RECVERR), 1)
        self.results[number]["told"] = []
        self.asked.append((s, probe, number))
        s.connect((probe["destination"], probe["destinationPort"]))
        s.send(tag(REQUEST, number))

    def tcp(self, probe, number):
        s = self.client(probe, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        for option, value in ((TCP_REPAIR, 1), (TCP_REPAIR_QUEUE, 2), (TCP_QUEUE_SEQ, first_sequence(number)), (TCP_REPAIR, -1)):
            s.setsockopt(socket.IPPROTO_TCP, option, value)
        self.results[number]["tcp"] = "silence"
        try:
            s.connect((probe["destination"], probe["destinationPort"]))
        except BlockingIOError:
            pass
        self.watch(s, lambda s, event: self.connected(s, number), select.EPOLLOUT)

    def connected(self, s, number):
        # SO_ERROR alone would also give soft errors, which end no connection
        state = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        failure = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failure and state != TCP_ESTABLISHED:
            name = errno.errorcode.get(failure, str(failure))
            # only an established connection is reset; one that is not yet is refused
            self.results[number]["tcp"] = "connected, " + name if failure == errno.ECONNRESET else name
            self.epoll.unregister(s.fileno())
            return
        self.results[number]["tcp"] = "connected"
        self.epoll.modify(s.fileno(), select.EPOLLIN)
        self.handlers[s.fileno()] = (s, lambda s, event: self.echoed(s, number))
        try:
            s.send(tag(REQUEST, number))
        except OSError as error:
            self.results[number]["tcp"] = "connected, " + error_name(error)

    def echoed(self, s, number):
        try:
            found = read_tag(s.recv(2048), 0)
            if found == (REPLY, number):
                self.results[number]["tcp"] = "echoed"
        except OSError as error:
            self.results[number]["tcp"] = "connected, " + error_name(error)
        self.epoll.unregister(s.fileno())

    # --- the servers
    def udp_request(self, s, _):
        while True:
            try:
                data, extra, _, peer = s.recvmsg(2048, 64)
            except BlockingIOError:
                return
            found = read_tag(data, 0)
            if not found or found[0] != REQUEST:
                continue
            level, kind, value = next(x for x in extra if x[1] in (IP_PKTINFO, IPV6_PKTINFO))
            value = value[:16] + struct.pack("=I", peer[3]) if kind == IPV6_PKTINFO else struct.pack("=I4sI", 0, value[8:12], 0)
            try:
                s.sendmsg([tag(REPLY, found[1])], [(level, kind, value)], 0, peer)
            except OSError as error:
                self.results[found[1]]["replyError"] = error_name(error)

    def accept(self, s, _):
        while True:
            try:
                connection, _ = s.accept()
            except OSError:
                return
            connection.setblocking(False)
            self.sockets.append(connection)
            self.watch(connection, self.served)

    def served(self, s, _):
        try:
            found = read_tag(s.recv(2048), 0)
            if found:
                s.send(tag(REPLY, found[1]))
                return
        except OSError:
            pass
        self.epoll.unregister(s.fileno())

    # --- what happened
    def gather(self):
        for s, probe, number in self.asked:
            self.results[number]["told"] += told(s, probe)
        start = 0
        for ears, (_, spec) in zip(self.ears, self.networks):
            count = len(spec["probes"])
            sort(ears, spec["probes"], self.results[start:start + count], start)
            start += count

    def close(self):
        for s in self.sockets:
            s.close()
        self.epoll.close()


def told(s, probe):
    """What the errors say that a UDP socket was told of: the packet they speak of is one of its own."""
    while True:
        try:
            _, extra, _, to = s.recvmsg(2048, 256, socket.MSG_ERRQUEUE)
        except OSError:
            return
        for level, kind, value in extra:
            if (level, kind) in (IP_RECVERR, IPV6_RECVERR):
                _, origin, type_, code = struct.unpack_from("=IBBB", value)
                size = 4 if level == 0 else 16
                offender = value[20:24] if level == 0 else value[24:40]
                if origin in FROM_ICMP:
                    family = socket.AF_INET if size == 4 else socket.AF_INET6
                    inner = [s.getsockname()[0], to[0], probe["sourcePort"], to[1]]
                    yield ["error", socket.inet_ntop(family, offender), type_, code, "request", inner]


def sort(ears, probes, results, start):
    """Gives what one network's hosts heard and sent to the results of the probes it belongs to."""
    for name, own in ears.items():
        for dev, found in own.departures():
            if 0 <= found[0] - start < len(probes):
                results[found[0] - start]["wire"].append([name, dev, *found[1:]])
        for found in own.arrivals():
            if 0 <= found[0] - start < len(probes):
                note(name, found, probes[found[0] - start], results[found[0] - start])


def note(name, found, probe, result):
    what = found[1]
    if what == "request":
        result["arrived"].append([name, *found[2:6]])
    elif what == "reply":
        if name == probe["from"]:
            result["answered"].append(list(found[2:6]))
    elif name == probe["from"]:
        kind, code, about, inner = found[7] or (0, 0, "request", found[2:6])
        result["refused"].append([what, found[2], kind, code, about, list(inner)])
