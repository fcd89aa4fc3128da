# no route anywhere: the VPN server hides its clients
on vpn-server iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE
