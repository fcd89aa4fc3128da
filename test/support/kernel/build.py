"""A network description built in namespaces of its own."""
import socket
import struct
import subprocess
import time

from . import dump, request
from .namespace import Namespace, enter, write_sysctls
from .netlink import NEWLINK, CREATE, EXCL, attr, text, u32
from .nft import Nft

# What a new namespace would copy from the machine it runs on, and everything that makes answers depend on the past.
# ip_forward goes first: writing it changes others.
BASE = [
    ("ipv4/ip_forward", 0), ("ipv4/icmp_ratelimit", 0), ("ipv4/icmp_ratemask", 0), ("ipv4/icmp_msgs_per_sec", 1000000),
    ("ipv4/icmp_msgs_burst", 1000000), ("ipv6/icmp/ratelimit", 0),
    ("ipv4/ip_default_ttl", 64), ("ipv4/fib_multipath_hash_policy", 0), ("ipv4/tcp_fin_timeout", 1),
    *((f"ipv4/conf/{d}/{k}", v) for d in ("all", "default", "lo") for k, v in (
        ("rp_filter", 0), ("accept_redirects", 0), ("send_redirects", 0), ("secure_redirects", 0), ("src_valid_mark", 0),
        ("accept_local", 0), ("route_localnet", 0), ("arp_announce", 2), ("arp_ignore", 0), ("arp_filter", 0),
        ("log_martians", 0), ("shared_media", 1), ("forwarding", 0))),
    *((f"ipv6/conf/{d}/{k}", v) for d in ("all", "default", "lo") for k, v in (
        ("forwarding", 0), ("accept_dad", 0), ("dad_transmits", 0), ("accept_ra", 0), ("accept_redirects", 0),
        ("router_solicitations", 0))),
    ("bridge/bridge-nf-call-iptables", 0), ("bridge/bridge-nf-call-ip6tables", 0), ("bridge/bridge-nf-call-arptables", 0),
]
# A bridge's namespace has no addresses of its own.
SWITCH = [(f"ipv6/conf/{d}/disable_ipv6", 1) for d in ("all", "default")] + BASE[-3:]
# A neighbour that does not answer is given up after one question and some 30 to 40 ms. A proxy answers a moment later than
# the owner, as it does without these settings (arp_process): else chance decides whose answer counts.
NEIGHBOUR = (("mcast_solicit", 1), ("ucast_solicit", 1), ("app_solicit", 0), ("retrans_time_ms", 30), ("locktime", 0), ("proxy_delay", 1))
# The kernel's workers need locks that others may hold for long on a busy machine.
PATIENCE = 20
RESTORE = {("nft", 4): "iptables-nft", ("nft", 6): "ip6tables-nft", ("legacy", 4): "iptables-legacy", ("legacy", 6): "ip6tables-legacy"}


class Built:
    """The namespaces of one network: its hosts by name, its switches, and what was refused while building."""

    def __init__(self):
        self.hosts, self.switches, self.refused, self.facts = {}, [], [], {}

    def close(self):
        for namespace in [*self.hosts.values(), *self.switches]:
            namespace.close()


def begin(home, spec):
    """Makes namespaces, wires and addresses. What the kernel refuses is noted in `refused` as (host, what, index, why)."""
    built = Built()
    try:
        for host in spec["hosts"]:
            built.hosts[host["name"]] = Namespace(home, home.needed(BASE))
        wires(home, spec, built)
        for host in spec["hosts"]:
            settle_down(built, host)
        return built
    except BaseException:
        built.close()
        raise


def finish(built, spec):
    """Everything else, once the kernel's workers have put the IPv6 addresses to use."""
    for host in spec["hosts"]:
        wait_for_addresses(built, host)
        configure(built, host)
    for host in spec["hosts"]:
        namespace = built.hosts[host["name"]]
        built.facts[host["name"]] = filters(built, host) | {
            "interfaces": dump.interfaces(namespace),
            "routes": dump.routes(namespace, {i: n for n, i in namespace.indexes.items()}),
            "rules": dump.rules(namespace),
        }
    if spec.get("collect"):
        collect(built, spec["collect"])


def mac_of(spec, host, dev):
    number = next(i for i, h in enumerate(spec["hosts"]) if h["name"] == host)
    return next(bytes.fromhex(d["mac"].replace(":", "")) for d in spec["hosts"][number]["devices"] if d["name"] == dev)


def wires(home, spec, built):
    """The links: a pair between two hosts, or a switch with a port for each end."""
    for link in spec["links"]:
        ends = [(built.hosts[e["host"]], e["dev"], mac_of(spec, e["host"], e["dev"])) for e in link["ends"]]
        if link["kind"] == "pair":
            home.veth(*ends[0], *ends[1])
        else:
            plug(home, built, ends)
    home.links.commit()
    for host in spec["hosts"]:
        namespace = built.hosts[host["name"]]
        for name in namespace.indexes:
            namespace.set_link(name, True)
        namespace.netlink.commit()
    for switch in built.switches:
        for name in switch.indexes:
            switch.set_link(name, True, "br0" if name.startswith("p") else None)
        switch.netlink.commit()
    for namespace in [*built.hosts.values(), *built.switches]:
        with namespace:
            namespace.settle([n for n in namespace.indexes if n != "lo"])


def plug(home, built, ends):
    switch = Namespace(home, home.needed(SWITCH))
    built.switches.append(switch)
    index = switch.next_index("br0")
    bridge = attr(18, attr(1, b"bridge\0") + attr(2, u32(1, 0) + attr(23, b"\0")))  # forward_delay 0, mcast_snooping 0
    switch.netlink.put(NEWLINK, struct.pack("=BBHiII", 0, 0, 0, index, 1, 1) + text(3, "br0") + bridge, CREATE | EXCL)
    switch.netlink.commit()
    for number, end in enumerate(ends):
        home.veth(*end, switch, f"p{number}", bytes([2, 1, 0, 0, len(built.switches), number + 1]))


def settle_down(built, host):
    """Settings and addresses."""
    name, namespace = host["name"], built.hosts[host["name"]]
    neighbour = [(f"{f}/neigh/{d['name']}/{k}", v) for d in host["devices"] for f in ("ipv4", "ipv6") for k, v in NEIGHBOUR
                 if (f, k) != ("ipv6", "locktime")]
    with namespace:
        missing = write_sysctls([*host.get("settings", []), *neighbour])
    built.refused += [(name, "setting", key, "ENOENT") for key in missing]
    for index, item in enumerate(host.get("addresses", [])):
        request.put_address(namespace, item, (name, "addresses", index))
    built.refused += [(*label, why) for label, why in namespace.netlink.commit()]


def wait_for_addresses(built, host):
    """An IPv6 address works, link-local ones included, once a worker of the kernel's has made its local route."""
    namespace, name = built.hosts[host["name"]], host["name"]
    refused = {index for n, what, index, _ in built.refused if n == name and what == "addresses"}
    wanted = {a["address"].partition("/")[0] for i, a in enumerate(host.get("addresses", [])) if ":" in a["address"] and i not in refused}
    deadline, pause = time.monotonic() + PATIENCE, 0.001
    while time.monotonic() < deadline:
        found = [r for r in dump.routes(namespace, {}, (socket.AF_INET6,)) if r["table"] == 255 and r["type"] == "local"]
        local = {r["prefix"].partition("/")[0] for r in found}
        if wanted <= local and sum(a.startswith("fe80:") for a in local) == len(host["devices"]):
            return
        time.sleep(pause)
        pause = min(2 * pause, 0.05)
    raise TimeoutError(f"{name}: IPv6 addresses did not come up: {sorted(wanted - local)} {sorted(local)}")


def configure(built, host):
    """Neighbours, routes, rules, links taken down; in this order."""
    name, namespace = host["name"], built.hosts[host["name"]]
    for item in host.get("neighbours", []):
        request.put_neighbour(namespace, item)
    for what, put in (("routes", request.put_route), ("rules", request.put_rule)):
        for index, item in enumerate(host.get(what, [])):
            put(namespace, item, (name, what, index))
    for dev in host.get("down", []):
        namespace.set_link(dev, False)
    built.refused += [(*label, why) for label, why in namespace.netlink.commit()]


def filters(built, host):
    """Loads the rulesets and gives what the kernel then says: `nft` as JSON text, `iptables` as iptables-save texts."""
    facts, name, namespace = {}, host["name"], built.hosts[host["name"]]
    if host.get("iptables"):
        facts["iptables"] = iptables(built, host["iptables"], name)
    if host.get("nft"):
        with namespace:
            nft = Nft()
            namespace.closers.append(nft.close)
            try:
                nft.run(host["nft"])
            except ValueError as error:
                built.refused.append((name, "nft", 0, str(error)))
            facts["nft"] = nft.run("list ruleset", json=True)
    if host.get("ipvs"):
        facts["ipvs"] = ipvs(built, host["ipvs"], name)
    return facts


def ipvs(built, lines, name):
    """Makes virtual servers and gives what ipvsadm-save then says."""
    with built.hosts[name]:  # a child starts in the namespace that we are in
        done = subprocess.run(["ipvsadm-restore"], input="\n".join([*lines, ""]), text=True, capture_output=True)
        if done.returncode or done.stderr:
            built.refused.append((name, "ipvs", 0, done.stderr.strip()))
        return subprocess.run(["ipvsadm-save", "-n"], text=True, capture_output=True).stdout


def collect(built, script):
    """Runs the collector's script in all hosts at once and adds what each printed as `bundle`."""
    running = []
    for name, namespace in built.hosts.items():
        with namespace:  # a child starts in the namespace that we are in
            running.append((name, subprocess.Popen(["sh", "-s"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)))
    for name, process in running:
        built.facts[name]["bundle"] = process.communicate(script)[0]


def iptables(built, item, name):
    """`{variant, 4?: text, 6?: text}` -> {4: iptables-save text, 6: …}"""
    saved, namespace = {}, built.hosts[name]
    enter(namespace.fd)
    try:
        for family in (4, 6):
            text_in = item.get(str(family))
            if text_in is None:
                continue
            program = RESTORE[(item["variant"], family)]
            done = subprocess.run([program + "-restore"], input=text_in, text=True, capture_output=True, close_fds=False)
            if done.returncode:
                built.refused.append((name, "iptables", family, done.stderr.strip()))
            saved[str(family)] = subprocess.run([program + "-save"], text=True, capture_output=True, close_fds=False).stdout
    finally:
        enter(namespace.home.fd)
    return saved
