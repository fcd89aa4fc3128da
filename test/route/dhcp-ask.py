"""dhcp-ask.py INTERFACE: sends a DHCPDISCOVER that asks for the options 121 and 249, and prints the options of the offer
that comes back, one a line: code, then its bytes in hex with colons. Source: RFC 2131, RFC 2132, RFC 3442."""
import os
import socket
import struct
import sys

TIMEOUT_S = 5
COOKIE = bytes([99, 130, 83, 99])
xid = os.urandom(4)
mac = open(f"/sys/class/net/{sys.argv[1]}/address").read().strip()
chaddr = bytes.fromhex(mac.replace(":", "")).ljust(16, b"\0")
BROADCAST = 0x8000
head = struct.pack("!BBBB4sHH", 1, 1, 6, 0, xid, 0, BROADCAST) + bytes(16) + chaddr + bytes(192) + COOKIE
discover = head + bytes([53, 1, 1, 55, 3, 3, 121, 249, 255])

asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
asker.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, sys.argv[1].encode())
asker.bind(("", 68))
asker.settimeout(TIMEOUT_S)
asker.sendto(discover, ("255.255.255.255", 67))
while True:
    offer = asker.recv(2048)
    if offer[4:8] == xid and offer[236:240] == COOKIE:
        break
at = 240
while offer[at] != 255:
    code, length = offer[at], offer[at + 1]
    print(code, ":".join(f"{byte:02x}" for byte in offer[at + 2 : at + 2 + length]))
    at += 2 + length
