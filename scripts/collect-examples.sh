#!/bin/bash
# Makes the examples' facts anew, as root: for each example the office in network namespaces of its own, with real OpenVPN,
# and the example's twist from its `twist.sh`. Needs openvpn openssl iproute2 nftables iptables ping.
# Then `npx vitest run test/examples -u` writes the expected output anew.
#
#   laptop 198.51.100.10 --- isp --- 203.0.113.1 router 10.5.5.1
#                                                  | office 10.5.5.0/24
#                              vpn-server 10.5.5.5 -+- 10.5.5.20 linux-server
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
names='office guests laptop isp router guest-router vpn-server linux-server'
work=$(mktemp -d)
script=$work/collect.sh
bin/waymark collect --script >"$script"

on() { ip netns exec "$p$1" "${@:2}"; }
wire() {
  ip link add "$2" netns "$p$1" type veth peer name "$4" netns "$p$3"
  ip -n "$p$1" link set "$2" up
  ip -n "$p$3" link set "$4" up
}
address() { ip -n "$p$1" addr add "$2" dev "$3"; }
route() { ip -n "$p$1" route add "${@:2}"; }
write() { on "$1" sh -c "echo $3 >/proc/sys/net/$2"; }
wait_for() { for _ in $(seq 200); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.05; done; echo "gave up: $*" >&2; return 1; }
finish() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for n in $names; do ip netns del "$p$n" 2>/dev/null || true; done
}
trap 'finish; rm -rf "$work"' EXIT
p=wm-$$- pids=

for n in server client; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=${n/client/laptop}" -days 30 \
    -keyout "$work/$n.key" -out "$work/$n.crt" 2>/dev/null
done
fingerprint() { openssl x509 -in "$work/$1.crt" -noout -fingerprint -sha256 | cut -d= -f2; }
cat >"$work/server.conf" <<C
dev tun0
proto udp
port 1194
topology subnet
server 10.8.0.0 255.255.255.0
push "route 10.5.5.0 255.255.255.0"
dh none
cert server.crt
key server.key
peer-fingerprint $(fingerprint client)
keepalive 10 60
status status.log 1
status-version 2
disable-dco
verb 3
C
cat >"$work/client.conf" <<C
client
dev tun0
proto udp
remote 203.0.113.1 1194
nobind
cert client.crt
key client.key
peer-fingerprint $(fingerprint server)
disable-dco
verb 3
C

build() {
  for n in $names; do
    ip netns add "$p$n"
    on "$n" sh -c 'cd /proc/sys/net; echo 0 >ipv4/ip_forward; echo 1 >ipv6/conf/default/disable_ipv6
      for d in all default; do
        echo 0 >ipv4/conf/$d/rp_filter; echo 1 >ipv4/conf/$d/accept_redirects; echo 1 >ipv4/conf/$d/send_redirects
      done
      ip link set lo up'
  done
  for b in office guests; do ip -n "$p$b" link add br0 type bridge forward_delay 0; ip -n "$p$b" link set br0 up; done
  for n in router vpn-server linux-server; do wire $n eth0 office "to-$n"; ip -n "${p}office" link set "to-$n" master br0; done
  wire laptop wlan0 isp laptop
  wire router wan isp router
  address laptop 198.51.100.10/24 wlan0
  address isp 198.51.100.1/24 laptop
  address isp 203.0.113.254/24 router
  address router 203.0.113.1/24 wan
  address router 10.5.5.1/24 eth0
  address vpn-server 10.5.5.5/24 eth0
  address linux-server 10.5.5.20/24 eth0
  route laptop default via 198.51.100.1
  route router default via 203.0.113.254
  route vpn-server default via 10.5.5.1
  route linux-server default via 10.5.5.1
  for n in isp router vpn-server; do write $n ipv4/ip_forward 1; done
  on isp nft -f - <<'N'
table ip isp {
  chain carried {
    type filter hook prerouting priority -300
    ip saddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
    ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } drop
  }
}
N
  on router nft -f - <<'N'
table ip gateway {
  chain forward_ports { type nat hook prerouting priority dstnat; iifname "wan" udp dport 1194 dnat to 10.5.5.5; }
  chain to_internet { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
}
N
}

openvpn_on() { # HOST NAME
  (cd "$work" && exec ip netns exec "$p$1" openvpn --suppress-timestamps --config "$2.conf" >"$work/$2.log" 2>&1) &
  pids="$pids $!"
  wait_for grep -q 'Initialization Sequence Completed' "$work/$2.log"
}

tidy() { sed -e "s#$work#/etc/openvpn#g" -e "s/$p//g" -e 's/^Linux 6\.[^ ]*/Linux 6.18.0/' -e '/^=== uname -n/{n;s/.*/debian/;}'; }

for dir in examples/*/; do
  if [ ! -e "$dir/twist.sh" ]; then continue; fi
  build
  openvpn_on vpn-server server
  openvpn_on laptop client
  hosts='laptop router vpn-server linux-server'
  . "$dir/twist.sh"
  on laptop ping -nc1 -W2 10.8.0.1 >/dev/null
  on laptop ping -nc1 -W1 10.5.5.20 >/dev/null || true
  wait_for grep -q '^ROUTING_TABLE' "$work/status.log"
  for n in $hosts; do on "$n" sh -s <"$script" | tidy >"$dir$n.facts"; done
  finish
  pids=
  echo "collected $dir"
done
