"""Classic BPF programs for packet sockets, written with labels."""
import ctypes
import struct

LD_B, LD_W, LDX_HEADER, LD_BX, JEQ, JSET, JGE, RET = 0x30, 0x20, 0xB1, 0x50, 0x15, 0x45, 0x35, 0x06
PROTOCOL, PACKET_TYPE = 0xFFFFF000, 0xFFFFF004
PACKET_OUTGOING = 4
_keep = []


def assemble(lines):
    """
    [(label or None, operation, value, label if true, label if false)] -> struct sock_fprog. A missing label is the
    next line.
    """
    places = {line[0]: i for i, line in enumerate(lines) if line[0]}
    code = b""
    for i, (_, operation, value, yes, no) in enumerate(lines):
        code += struct.pack("=HBBI", operation, places[yes] - i - 1 if yes else 0, places[no] - i - 1 if no else 0, value)
    buffer = ctypes.create_string_buffer(code)
    _keep.append(buffer)
    return struct.pack("@HL", len(lines), ctypes.addressof(buffer))


# What leaves: ICMP, UDP, TCP with SYN or RST; nothing of neighbour discovery and multicast.
OUTGOING = assemble([
    (None, LD_W, PACKET_TYPE, None, None), (None, JEQ, PACKET_OUTGOING, None, "no"),
    (None, LD_W, PROTOCOL, None, None), (None, JEQ, 0x86DD, "six", None), (None, JEQ, 0x0800, None, "no"),
    (None, LD_B, 9, None, None), (None, JEQ, 1, "yes", None), (None, JEQ, 17, "yes", None), (None, JEQ, 6, None, "no"),
    (None, LDX_HEADER, 0, None, None), (None, LD_BX, 13, None, None), (None, JSET, 6, "yes", "no"),
    ("six", LD_B, 6, None, None), (None, JEQ, 17, "yes", None), (None, JEQ, 6, "six-tcp", None), (None, JEQ, 58, None, "no"),
    (None, LD_B, 40, None, None), (None, JGE, 130, "no", "yes"),
    ("six-tcp", LD_B, 53, None, None), (None, JSET, 6, "yes", "no"),
    ("yes", RET, 0xFFFF, None, None), ("no", RET, 0, None, None),
])
# For raw TCP sockets: IPv4 ones see the IP header, IPv6 ones do not.
SYN_OR_RST_4 = assemble([
    (None, LDX_HEADER, 0, None, None), (None, LD_BX, 13, None, None), (None, JSET, 6, "yes", "no"),
    ("yes", RET, 0xFFFF, None, None), ("no", RET, 0, None, None),
])
SYN_OR_RST_6 = assemble([
    (None, LD_B, 13, None, None), (None, JSET, 6, "yes", "no"), ("yes", RET, 0xFFFF, None, None), ("no", RET, 0, None, None),
])
