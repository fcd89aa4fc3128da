# traffic from the tunnel is marked and sent through the guests' router: its table does not know the office
route router 10.8.0.0/24 via 10.5.5.5
hosts="$hosts guest-router"
wire vpn-server eth1 guests vpn-server
wire guest-router eth0 guests guest-router
wire guest-router wan isp guest-router
for n in vpn-server guest-router; do ip -n "${p}guests" link set "$n" master br0; done
address vpn-server 10.9.9.5/24 eth1
address guest-router 10.9.9.1/24 eth0
address guest-router 203.0.113.9/24 wan
write guest-router ipv4/ip_forward 1
route guest-router default via 203.0.113.254
route guest-router 10.8.0.0/24 via 10.9.9.5
route vpn-server default via 10.9.9.1 table 100
ip -n "${p}vpn-server" rule add fwmark 1 lookup 100 priority 100
on vpn-server iptables -t mangle -A PREROUTING -i tun0 ! -d 10.8.0.1 -j MARK --set-mark 1
