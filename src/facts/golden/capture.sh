#!/bin/bash
# Makes the golden bundles and status files anew: the office scene with real OpenVPN in network namespaces of its own.
#   capture.sh COLLECTOR-SCRIPT DIRECTORY     (root; needs openvpn openssl iproute2 nftables iptables ipset ping python3)
#
#   laptop 198.51.100.10 --- isp --- 203.0.113.1 router 10.5.5.1
#   site-b 198.51.100.11 ---/                             | office 10.5.5.0/24
#     | 192.168.50.1/24          vpn-server 10.5.5.5 -----+----- 10.5.5.20 linux-server
set -eu
script=$1 out=$2 p=wm-$$- w=$(mktemp -d) pids=
export LC_ALL=C
finish() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for n in $names; do ip netns del "$p$n" 2>/dev/null || true; done
  rm -rf "$w"
}
trap finish EXIT
names='office laptop site-b isp router vpn-server linux-server'
on() { ip netns exec "$p$1" "${@:2}"; }
wire() { ip link add "$2" netns "$p$1" type veth peer name "$4" netns "$p$3"; ip -n "$p$1" link set "$2" up; ip -n "$p$3" link set "$4" up; }
address() { ip -n "$p$1" addr add "$2" dev "$3" nodad 2>/dev/null; }
wait_for() { for _ in $(seq 200); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done; echo "gave up: $*" >&2; return 1; }

for n in $names; do
  ip netns add "$p$n"
  on "$n" sh -c 'cd /proc/sys/net; echo 0 >ipv4/ip_forward; echo 0 >ipv6/conf/default/router_solicitations
    for d in all default; do echo 0 >ipv4/conf/$d/rp_filter; echo 1 >ipv4/conf/$d/accept_redirects; echo 1 >ipv4/conf/$d/send_redirects; done
    ip link set lo up'
done
ip -n "${p}office" link add br0 type bridge forward_delay 0; ip -n "${p}office" link set br0 up
for n in router vpn-server linux-server; do wire "$n" eth0 office "to-$n"; ip -n "${p}office" link set "to-$n" master br0; done
wire laptop eth0 isp laptop; wire site-b eth0 isp site-b; wire router wan isp router
ip -n "${p}site-b" link add lan type bridge; ip -n "${p}site-b" link set lan up
address laptop 198.51.100.10/25 eth0; address site-b 198.51.100.130/25 eth0; address site-b 192.168.50.1/24 lan
address isp 198.51.100.1/25 laptop; address isp 198.51.100.129/25 site-b; address isp 203.0.113.254/24 router
address router 203.0.113.1/24 wan; address router 10.5.5.1/24 eth0; address router fd00:5::1/64 eth0
address vpn-server 10.5.5.5/24 eth0; address vpn-server fd00:5::5/64 eth0; address linux-server 10.5.5.20/24 eth0
ip -n "${p}laptop" route add default via 198.51.100.1; ip -n "${p}site-b" route add default via 198.51.100.129
ip -n "${p}router" route add default via 203.0.113.254
ip -n "${p}linux-server" rule add fwmark 0x65 lookup 100
ip -n "${p}linux-server" route add default via 10.5.5.5 table 100
ip -n "${p}vpn-server" route add default via 10.5.5.1; ip -n "${p}linux-server" route add default via 10.5.5.1
for n in isp router vpn-server site-b; do on $n sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'; done
on router nft -f - <<'N'
table ip gw {
  chain pre { type nat hook prerouting priority dstnat; iifname "wan" udp dport 1194 dnat to 10.5.5.5; }
  chain post { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
}
N
on vpn-server iptables -A FORWARD -i tun0 -o eth0 -j ACCEPT
on linux-server ipset create office hash:net
on linux-server ipset add office 10.0.0.0/8
on linux-server iptables -A INPUT -p tcp --dport 22 -m set --match-set office src -j ACCEPT
on linux-server iptables -A INPUT -p tcp --dport 22 -j DROP

for n in server laptop site-b; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$n" -days 30 \
    -keyout "$w/$n.key" -out "$w/$n.crt" 2>/dev/null
done
fp() { openssl x509 -in "$w/$1.crt" -noout -fingerprint -sha256 | cut -d= -f2; }
mkdir "$w/ccd"
printf 'iroute 192.168.50.0 255.255.255.0\niroute-ipv6 fd00:50::/64\nifconfig-push 10.8.0.50 255.255.255.0\nifconfig-ipv6-push fd00:8::50/64\n' >"$w/ccd/site-b"
cat >"$w/server.conf" <<C
# the office's server; the password is hunter2
dev tun0
proto udp
port 1194
topology subnet
server 10.8.0.0 255.255.255.0
server-ipv6 fd00:8::/64
push "route 10.5.5.0 255.255.255.0"
push "route-ipv6 fd00:5::/64"
route 192.168.50.0 255.255.255.0
route-ipv6 fd00:50::/64
client-config-dir ccd
management mgmt unix
dh none
<cert>
$(cat "$w/server.crt")
</cert>
<key>
$(cat "$w/server.key")
</key>
<peer-fingerprint>
$(fp laptop)
$(fp site-b)
</peer-fingerprint>
keepalive 10 60
setenv SECRET hunter2
disable-dco
verb 3
C
for n in laptop site-b; do cat >"$w/$n.conf" <<C
client
dev tun
proto udp
remote 203.0.113.1 1194
nobind
cert $n.crt
key $n.key
peer-fingerprint $(fp server)
disable-dco
verb 3
C
done
vpn() { # HOST NAME ARGUMENT...
  (cd "$w" && exec ip netns exec "$p$1" openvpn "${@:3}" >"$w/$2.log" 2>&1) &
  pids="$pids $!"
  wait_for grep -q 'Initialization Sequence Completed' "$w/$2.log" || { cat "$w/$2.log"; exit 1; }
}
vpn vpn-server server --status status-server.log 1 --status-version 2 --suppress-timestamps --config server.conf
vpn laptop laptop --config laptop.conf
vpn site-b site-b --config site-b.conf
on site-b ping -nc1 -W2 -I 192.168.50.1 10.8.0.1 >/dev/null
on laptop ping -nc1 -W2 10.8.0.1 >/dev/null
on laptop ping -nc1 -W1 10.5.5.20 >/dev/null || true
wait_for grep -q 192.168.50.1C "$w/status-server.log"

ask() { python3 - "$w/mgmt" "$1" <<'P'
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.settimeout(5)
s.sendall((sys.argv[2] + '\n').encode()); data = b''
while not data.endswith(b'END\r\n'): data += s.recv(65536)
sys.stdout.write(data.decode().replace('\r\n', '\n'))
P
}
tidy() { sed -e "s#$w#/etc/openvpn/server#g" -e "s/$p//g" -e 's/^Linux 6\.[^ ]*/Linux 6.18.0/' -e '/=== uname -n/{n;s/.*/debian/;}'; }
openvpn_golden="$out/../../dialect/openvpn/golden"
mkdir -p "$openvpn_golden"
ask 'status 2' >"$openvpn_golden/management.txt"
for v in 1 2 3; do ask "status $v" | grep -v '^>INFO' >"$openvpn_golden/status-$v.txt"; done
for n in laptop site-b router vpn-server linux-server; do on $n sh -s <"$script" | tidy >"$out/$n.facts"; done
on vpn-server setpriv --reuid 65534 --regid 65534 --clear-groups sh -s <"$script" | tidy >"$out/vpn-server-without-root.facts"
