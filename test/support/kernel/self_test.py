"""What must hold for the worker's answers to mean anything: one small network whose answers are known."""
import os
import time


def device(name, mac):
    return {"name": name, "mac": mac}


def network(probes):
    """client - router - switch with server and printer. Both families; the router's nft rules know three ports."""
    mac = "02:00:00:00:{:02x}:{:02x}".format
    hosts = [
        {"name": "client", "devices": [device("e0", mac(1, 1))],
         "addresses": [{"dev": "e0", "address": a} for a in ("10.1.0.1/24", "fd01::1/64")],
         "routes": [{"prefix": "0.0.0.0/0", "via": "10.1.0.2"}, {"prefix": "::/0", "via": "fd01::2"},
                    {"prefix": "10.9.0.0/16", "type": "prohibit"}]},
        {"name": "router", "devices": [device("e0", mac(2, 1)), device("e1", mac(2, 2))],
         "settings": [["ipv4/ip_forward", 1], ["ipv6/conf/all/forwarding", 1]],
         "addresses": [{"dev": d, "address": a} for d, a in (("e0", "10.1.0.2/24"), ("e0", "fd01::2/64"), ("e1", "10.2.0.1/24"),
                                                             ("e1", "fd02::1/64"))],
         "nft": """table inet f {
           chain fw { type filter hook forward priority 0; policy accept;
             tcp dport 81 reject with tcp reset
             udp dport 81 reject with icmpx admin-prohibited
             tcp dport 82 drop
           }
           chain pre { type nat hook prerouting priority dstnat; tcp dport 83 dnat ip to 10.2.0.3:80; }
         }"""},
        {"name": "server", "devices": [device("e0", mac(3, 1))],
         "addresses": [{"dev": "e0", "address": a} for a in ("10.2.0.2/24", "fd02::2/64")],
         "routes": [{"prefix": "0.0.0.0/0", "via": "10.2.0.1"}, {"prefix": "::/0", "via": "fd02::1"}]},
        {"name": "printer", "devices": [device("e0", mac(4, 1))], "addresses": [{"dev": "e0", "address": "10.2.0.3/24"}],
         "routes": [{"prefix": "10.1.0.0/24", "via": "10.2.0.1"}]},
    ]
    links = [{"name": "a", "kind": "pair", "ends": [{"host": "client", "dev": "e0"}, {"host": "router", "dev": "e0"}]},
             {"name": "b", "kind": "switch", "ends": [{"host": h, "dev": d} for h, d in
                                                       (("router", "e1"), ("server", "e0"), ("printer", "e0"))]}]
    return {"hosts": hosts, "links": links, "ports": {"tcp": [80, 81, 82, 83], "udp": [80, 81]}, "probes": probes}


def probe(number, protocol, destination, port=80):
    return {"from": "client", "protocol": protocol, "destination": destination, "destinationPort": port, "sourcePort": 20000 + number}


CASES = [
    ("ping arrives and is answered", ("icmp", "10.2.0.2"), lambda r: r["arrived"][0][0] == "server" and r["answered"]),
    ("the same over IPv6", ("icmp", "fd02::2"), lambda r: r["arrived"][0][0] == "server" and r["answered"]),
    ("UDP is answered by the server", ("udp", "10.2.0.2"), lambda r: r["arrived"][0][0] == "server" and r["answered"]),
    ("the same over IPv6", ("udp", "fd02::2"), lambda r: r["arrived"][0][0] == "server" and r["answered"]),
    ("TCP connects and echoes", ("tcp", "10.2.0.2"), lambda r: r["tcp"] == "echoed" and r["arrived"][0][0] == "server"),
    ("the same over IPv6", ("tcp", "fd02::2"), lambda r: r["tcp"] == "echoed"),
    ("a reject with reset refuses TCP", ("tcp", "10.2.0.2", 81),
     lambda r: r["tcp"] == "ECONNREFUSED" and r["refused"][0][:2] == ["reset", "10.2.0.2"] and not r["arrived"]),
    ("a reject with ICMP comes from the router", ("udp", "10.2.0.2", 81),
     lambda r: r["refused"][0][:5] == ["error", "10.1.0.2", 3, 13, "request"] and not r["arrived"]),
    ("the same over IPv6", ("udp", "fd02::2", 81), lambda r: r["refused"][0][:5] == ["error", "fd01::2", 1, 1, "request"]),
    ("a drop is silence", ("tcp", "10.2.0.2", 82), lambda r: r["tcp"] == "silence" and not r["arrived"] and len(r["wire"]) == 1),
    ("a translated connection arrives elsewhere", ("tcp", "10.2.0.2", 83),
     lambda r: r["tcp"] == "echoed" and r["arrived"][0][0] == "printer" and r["arrived"][0][2] == "10.2.0.3"),
    ("a dead neighbour is reported by the router", ("icmp", "10.2.0.99"),
     lambda r: r["refused"][0][:5] == ["error", "10.1.0.2", 3, 1, "request"]),
    ("the same over IPv6", ("icmp", "fd02::99"), lambda r: r["refused"][0][:5] == ["error", "fd01::2", 1, 3, "request"]),
    ("a router without a route says so", ("icmp", "10.3.0.1"), lambda r: r["refused"][0][:5] == ["error", "10.1.0.2", 3, 0, "request"]),
    ("the own machine says no", ("udp", "10.9.0.1"), lambda r: r["error"] == "EACCES"),
    ("four hops are seen of a ping there and back", ("icmp", "10.2.0.3"), lambda r: [w[:3] for w in sorted(r["wire"])] == [
        ["client", "e0", "request"], ["printer", "e0", "reply"], ["router", "e0", "reply"], ["router", "e1", "request"]]),
]


def holds(test, result):
    try:
        return bool(test(result))
    except (IndexError, KeyError):
        return False


def self_test(home, answer):
    """Prints a line for each check; 0 when all hold."""
    failed = 0
    spec = network([probe(i, *question) for i, (_, question, _) in enumerate(CASES)])
    given = answer(home, {"quiet": 0.06, "networks": [spec]})["networks"][0]
    for (name, question, test), result in zip(CASES, given["probes"]):
        good = holds(test, result)
        failed += not good
        print(("pass  " if good else "FAIL  ") + f"{name} {question}" + ("" if good else f" {result}"))
    print(f"refused while building: {given['refused']}")
    failed += bool(given["refused"])
    time.sleep(1)
    before, count, begun = len(os.listdir("/proc/self/fd")), 40, time.monotonic()
    many = [probe(i, *question) for i, (_, question, _) in enumerate(CASES * 3)]
    for _ in range(count // 10):
        seconds = answer(home, {"quiet": 0.04, "networks": [network(many)] * 10})["seconds"]
    took = time.monotonic() - begun
    print(f"{count * len(many) * 60 / took:.0f} probes a minute; last round {[round(s, 3) for s in seconds]} s")
    end = time.monotonic() + 5
    while (leaked := len(os.listdir("/proc/self/fd")) - before) > 0 and time.monotonic() < end:
        time.sleep(0.05)
    print(("pass  " if leaked <= 0 else "FAIL  ") + "no descriptor stays open")
    return 1 if failed or leaked > 0 else 0
