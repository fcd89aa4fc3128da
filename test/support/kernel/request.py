"""Addresses, neighbours, routes and rules of a network description as rtnetlink requests."""
import socket
import struct

from .netlink import (APPEND, CREATE, EXCL, NEWADDR, NEWNEIGH, NEWROUTE, NEWRULE, DELRULE, REPLACE, attr, family_of, packed,
                      text, u32)

ROUTE_TYPES = {"unspec": 0, "unicast": 1, "local": 2, "broadcast": 3, "anycast": 4, "multicast": 5, "blackhole": 6,
               "unreachable": 7, "prohibit": 8, "throw": 9, "nat": 10}
SCOPES = {"global": 0, "site": 200, "link": 253, "host": 254, "nowhere": 255}
RULE_ACTIONS = {"table": 1, "goto": 2, "nop": 3, "blackhole": 6, "unreachable": 7, "prohibit": 8}
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
NODAD, ONLINK, INVERT = 2, 4, 2
OPERATIONS = {"add": CREATE | EXCL, "append": CREATE | APPEND, "prepend": CREATE, "replace": CREATE | REPLACE}


def split(prefix):
    address, length = prefix.split("/")
    return packed(address), int(length)


def put_address(namespace, item, label):
    """`{dev, address: "10.0.0.1/24", scope?, deprecated?}`"""
    address, length = split(item["address"])
    flags = NODAD if len(address) == 16 else 0
    scope = SCOPES[item.get("scope", "global")]
    body = struct.pack("=BBBBI", FAMILIES[6 if flags else 4], length, flags, scope, namespace.indexes[item["dev"]])
    lifetimes = attr(6, struct.pack("=IIII", 0, 0xFFFFFFFF, 0, 0)) if item.get("deprecated") else b""  # struct ifa_cacheinfo
    namespace.netlink.put(NEWADDR, body + attr(2, address) + attr(1, address) + lifetimes, CREATE | REPLACE, label)


def put_neighbour(namespace, item):
    """`{dev, address, mac}`, for ever."""
    body = struct.pack("=BBHiHBB", family_of(item["address"]), 0, 0, namespace.indexes[item["dev"]], 0x80, 0, 0)
    mac = bytes.fromhex(item["mac"].replace(":", ""))
    namespace.netlink.put(NEWNEIGH, body + attr(1, packed(item["address"])) + attr(2, mac), CREATE | REPLACE)


def gateway(family, via):
    """RTA_GATEWAY, or RTA_VIA for a gateway of the other family."""
    address = packed(via)
    own = (len(address) == 16) == (family == 6)
    return attr(5, address) if own else attr(18, struct.pack("=H", FAMILIES[6]) + address)


def nexthop(namespace, family, hop):
    body = gateway(family, hop["via"]) if hop.get("via") else b""
    index = namespace.indexes[hop["dev"]] if hop.get("dev") else 0
    return struct.pack("=HBBi", 8 + len(body), ONLINK if hop.get("onlink") else 0, hop.get("weight", 1) - 1, index) + body


def put_route(namespace, item, label):
    """
    `{prefix, type?, table?, metric?, tos?, source?, scope?, via?, dev?, onlink?, mtu?, nexthops?, operation?}`; missing
    parts as iproute2 fills them in.
    """
    address, length = split(item["prefix"])
    family = 6 if len(address) == 16 else 4
    kind, table = item.get("type", "unicast"), item.get("table", 254)
    hops = item.get("nexthops")
    on_link = kind == "unicast" and not item.get("via") and not hops
    scope = SCOPES[item["scope"]] if "scope" in item else 254 if kind == "local" else 253 if on_link else 0
    body = struct.pack("=BBBBBBBBI", FAMILIES[family], length, 0, item.get("tos", 0), table if table < 256 else 0, 3,
                       0 if family == 6 else scope, ROUTE_TYPES[kind], ONLINK if item.get("onlink") else 0)
    body += (attr(1, address) if length else b"") + u32(15, table)
    if hops:
        body += attr(9, b"".join(nexthop(namespace, family, h) for h in hops))
    if item.get("via"):
        body += gateway(family, item["via"])
    if item.get("dev"):
        body += u32(4, namespace.indexes[item["dev"]])
    if item.get("metric") is not None:
        body += u32(6, item["metric"])
    if item.get("source"):
        body += attr(7, packed(item["source"]))
    if item.get("mtu"):
        body += attr(8, u32(2, item["mtu"]))
    namespace.netlink.put(NEWROUTE, body, OPERATIONS[item.get("operation", "add")], label)


def put_rule(namespace, item, label):
    """`{family, priority, action, table?, goto?, not?, from?, to?, iif?, oif?, mark?, mask?, tos?, protocol?, sport?, dport?, suppress?, delete?}`"""
    source, destination = item.get("from"), item.get("to")
    src = split(source) if source else (b"", 0)
    dst = split(destination) if destination else (b"", 0)
    table = item.get("table", 0)
    body = struct.pack("=BBBBBBBBI", FAMILIES[item["family"]], dst[1], src[1], item.get("tos", 0),
                       table if table < 256 else 252, 0, 0, RULE_ACTIONS[item["action"]], INVERT if item.get("not") else 0)
    body += (attr(1, dst[0]) if dst[1] else b"") + (attr(2, src[0]) if src[1] else b"") + u32(6, item["priority"])
    for name, kind in (("iif", 3), ("oif", 17)):
        if item.get(name):
            body += text(kind, item[name])
    for name, kind in (("goto", 4), ("mark", 10), ("mask", 16), ("suppress", 14)):
        if item.get(name) is not None:
            body += u32(kind, item[name])
    if table:
        body += u32(15, table)
    if item.get("protocol"):
        body += attr(22, bytes([item["protocol"]]))
    for name, kind in (("sport", 23), ("dport", 24)):
        if item.get(name):
            body += attr(kind, struct.pack("=HH", *item[name]))
    kind, flags = (DELRULE, 0) if item.get("delete") else (NEWRULE, CREATE | EXCL)
    namespace.netlink.put(kind, body, flags, label)
