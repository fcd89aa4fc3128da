"""What the kernel of one namespace holds, as plain values for JSON."""
import socket
import struct

from .netlink import GETADDR, GETLINK, GETROUTE, GETRULE, attributes, unpacked
from .request import ROUTE_TYPES, RULE_ACTIONS, SCOPES

TYPE_NAMES = {v: k for k, v in ROUTE_TYPES.items()}
SCOPE_NAMES = {v: k for k, v in SCOPES.items()}
ACTION_NAMES = {v: k for k, v in RULE_ACTIONS.items()}
UP, LOWER_UP = 0x1, 0x10000
DEAD, ONLINK, LINKDOWN = 1, 4, 16


def number(found, kind):
    return struct.unpack("=I", found[kind])[0] if kind in found else None


def interfaces(namespace):
    """[{name, index, mac, mtu, up, carrier, kind, addresses: [{address, length, scope, secondary, deprecated}]}]"""
    by_index = {}
    for start, end, data in namespace.netlink.dump(GETLINK, struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0)):
        _, _, _, index, flags, _ = struct.unpack_from("=BBHiII", data, start)
        found = attributes(data, start + 16, end)
        by_index[index] = {
            "name": found[3][:-1].decode(), "index": index, "mac": ":".join(f"{b:02x}" for b in found.get(1, b"")),
            "mtu": number(found, 4), "up": bool(flags & UP), "carrier": bool(flags & LOWER_UP), "addresses": [],
        }
    for start, end, data in namespace.netlink.dump(GETADDR, struct.pack("=BBBBI", 0, 0, 0, 0, 0)):
        _, length, flags, scope, index = struct.unpack_from("=BBBBI", data, start)
        found = attributes(data, start + 8, end)
        own, flags = found.get(2, found.get(1)), number(found, 8) or flags
        item = {"address": unpacked(own), "length": length, "scope": SCOPE_NAMES.get(scope, "global"),
                "secondary": bool(flags & 1) and len(own) == 4, "deprecated": bool(flags & 0x20)}
        if 1 in found and found[1] != own:
            item["peer"] = unpacked(found[1])
        by_index[index]["addresses"].append(item)
    return list(by_index.values())


def routes(namespace, names, families=(socket.AF_INET, socket.AF_INET6)):
    """[{prefix, type, table, metric, tos, scope, protocol, source?, mtu?, nexthops}] of all tables."""
    found = []
    for family in families:
        for start, end, data in namespace.netlink.dump(GETROUTE, struct.pack("=BBBBBBBBI", family, 0, 0, 0, 0, 0, 0, 0, 0)):
            found.append(route(family, attributes(data, start + 12, end), struct.unpack_from("=BBBBBBBBI", data, start), names))
    return found


def route(family, found, header, names):
    _, length, _, tos, table, protocol, scope, kind, flags = header
    zero = "0.0.0.0" if family == socket.AF_INET else "::"
    item = {
        "prefix": f"{unpacked(found[1]) if 1 in found else zero}/{length}", "type": TYPE_NAMES[kind],
        "table": number(found, 15) or table, "metric": number(found, 6) or 0, "tos": tos,
        "scope": SCOPE_NAMES.get(scope, "global"), "protocol": protocol, "nexthops": [],
    }
    if 7 in found:
        item["source"] = unpacked(found[7])
    if 8 in found and (mtu := number(attributes(found[8], 0, len(found[8])), 2)):
        item["mtu"] = mtu
    if 9 in found:
        item["nexthops"] = list(multipath(found[9], names))
    elif 4 in found and kind not in (6, 7, 8, 9):
        item["nexthops"] = [hop(found, number(found, 4), 1, flags, names)]
    return item


def multipath(data, names):
    offset = 0
    while offset + 8 <= len(data):
        length, flags, weight, index = struct.unpack_from("=HBBi", data, offset)
        if length < 8:
            return
        yield hop(attributes(data, offset + 8, offset + length), index, weight + 1, flags, names)
        offset += (length + 3) & ~3


def hop(found, index, weight, flags, names):
    item = {"dev": names.get(index, str(index)), "weight": weight, "onlink": bool(flags & ONLINK), "dead": bool(flags & DEAD),
            "linkdown": bool(flags & LINKDOWN)}
    via = found.get(5) or (found[18][2:] if 18 in found else None)
    if via:
        item["via"] = unpacked(via)
    return item


def rules(namespace):
    """[{family, priority, action, table?, …}] in the kernel's order, as `put_rule` takes them."""
    found = []
    for family, name in ((socket.AF_INET, 4), (socket.AF_INET6, 6)):
        for start, end, data in namespace.netlink.dump(GETRULE, struct.pack("=BBBBBBBBI", family, 0, 0, 0, 0, 0, 0, 0, 0)):
            header = struct.unpack_from("=BBBBBBBBI", data, start)
            found.append(rule(name, attributes(data, start + 12, end), header))
    return found


def rule(family, found, header):
    _, dst_length, src_length, tos, table, _, _, action, flags = header
    item = {"family": family, "priority": number(found, 6) or 0, "action": ACTION_NAMES.get(action, str(action)), "not": bool(flags & 2)}
    if action == RULE_ACTIONS["table"]:
        item["table"] = number(found, 15) or table
    for name, kind, length in (("to", 1, dst_length), ("from", 2, src_length)):
        if kind in found:
            item[name] = f"{unpacked(found[kind])}/{length}"
    for name, kind in (("iif", 3), ("oif", 17)):
        if kind in found:
            item[name] = found[kind][:-1].decode()
    for name, kind in (("goto", 4), ("mark", 10), ("mask", 16), ("suppress", 14)):
        if kind in found:
            item[name] = number(found, kind)
    if item.get("suppress") == 0xFFFFFFFF:
        del item["suppress"]
    if tos:
        item["tos"] = tos
    if 22 in found:
        item["protocol"] = found[22][0]
    for name, kind in (("sport", 23), ("dport", 24)):
        if kind in found:
            item[name] = list(struct.unpack("=HH", found[kind]))
    return item
