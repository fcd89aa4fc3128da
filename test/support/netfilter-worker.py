#!/usr/bin/python3
"""
One namespace with two TUN devices t0 and t1, for putting packets through the kernel's packet filter. One JSON object a
line on standard input, one a line on standard output:

A packet with the device -1 is sent by the machine itself.

  {"ruleset": nft commands, "iptables": {"4"|"6": iptables-restore input}, "packets": [[device, hex], …], "sets": [[table, set], …]}
    -> {"refused": message or null, "out": [[[device, hex], …] for each packet], "sets": {set: [element, …]}}

Connections are forgotten between two questions. Nothing outlives this process.
"""
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kernel.namespace import unshare, write_sysctls
from kernel.nft import Nft

SYSCTLS = [
    ("ipv4/ip_forward", 1), ("ipv6/conf/all/forwarding", 1), ("ipv4/conf/all/rp_filter", 0), ("ipv4/conf/default/rp_filter", 0),
    ("ipv4/conf/all/send_redirects", 0), ("ipv4/conf/default/send_redirects", 0), ("ipv4/icmp_ratelimit", 0),
    ("ipv4/icmp_msgs_per_sec", 100000), ("ipv4/icmp_msgs_burst", 100000), ("ipv6/icmp/ratelimit", 0),
    ("ipv6/conf/default/addr_gen_mode", 1), ("ipv4/tcp_challenge_ack_limit", 1000000),
]


def tun(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x1001))  # TUNSETIFF: TUN | NO_PI
    return fd


def world():
    unshare()
    write_sysctls(SYSCTLS)
    fds = [tun("t0"), tun("t1")]
    batch = "link set lo up\n"
    for i in (0, 1):
        batch += f"link set t{i} up\nlink set t{i} multicast off\n"
        batch += f"addr add 10.{i}.0.1/24 dev t{i}\naddr add 10.{i}.0.2/24 dev t{i}\naddr add fd00:{i}::1/64 dev t{i} nodad\n"
    batch += "route add default dev t1\nroute add ::/0 dev t1\n"
    subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
    return fds


class Raw:
    """Sends packets as the machine's own."""

    def __init__(self):
        self.v4 = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.IPPROTO_RAW)
        self.v6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.IPPROTO_RAW)

    def send(self, data):
        try:
            if data[0] >> 4 == 4:
                self.v4.sendto(data, (socket.inet_ntoa(data[16:20]), 0))
            else:
                self.v6.sendto(data, (socket.inet_ntop(socket.AF_INET6, data[24:40]), 0))
        except OSError:
            pass  # refused by the packet filter


def drain(fds):
    out = []
    for number, fd in enumerate(fds):
        while True:
            try:
                out.append([number, os.read(fd, 65536).hex()])
            except BlockingIOError:
                break
    return out


def load(nft, question):
    try:
        nft.run("flush ruleset")
        if question["ruleset"]:
            nft.run(question["ruleset"])
        for family, text in question.get("iptables", {}).items():
            tool = "iptables-restore" if family == "4" else "ip6tables-restore"
            done = subprocess.run([tool], input=text, text=True, capture_output=True, check=False)
            if done.returncode:
                return done.stderr
    except ValueError as e:
        return str(e)
    return None


def members(nft, table, name):
    listed = json.loads(nft.run(f"list set {table} {name}", json=True))["nftables"]
    found = next((entry["set"] for entry in listed if "set" in entry), {})
    return [e["elem"]["val"] if isinstance(e, dict) and "elem" in e else e for e in found.get("elem", [])]


def main():
    fds = world()
    nft, raw = Nft(), Raw()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        # conntrack.ko forgets everything when told so
        subprocess.run(["conntrack", "-F"], capture_output=True, check=False)
        refused = load(nft, question)
        out, sets = [], {}
        if refused is None:
            drain(fds)
            for device, data in question["packets"]:
                if device < 0:
                    raw.send(bytes.fromhex(data))
                else:
                    os.write(fds[device], bytes.fromhex(data))
                out.append(drain(fds))
            sets = {name: members(nft, table, name) for table, name in question["sets"]}
        answer = {"refused": refused, "out": out, "sets": sets}
        if question.get("dump"):
            answer["dump"] = nft.run("list ruleset", json=True)
        print(json.dumps(answer), flush=True)


main()
