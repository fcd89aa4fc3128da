# 2025-11-02 10:11:12 by RouterOS 7.16.1
# software id = ABCD-1234
#
# model = RB5009UG+S+
/interface bridge
add admin-mac=DC:2C:6E:00:00:02 auto-mac=no name=bridge
/interface ethernet
set [ find default-name=ether1 ] name=wan
set [ find default-name=ether8 ] disabled=yes
/interface bridge port
add bridge=bridge comment=defconf interface=ether2
add bridge=bridge comment=defconf interface=ether3
/ip settings
set rp-filter=loose
/ip address
add address=10.5.5.1/24 comment="the office" interface=bridge network=10.5.5.0
add address=203.0.113.1/24 interface=wan network=203.0.113.0
add address=192.168.88.1/24 disabled=yes interface=bridge network=192.168.88.0
/ip dns
set allow-remote-requests=yes servers=9.9.9.9
/ip route
add comment="provider" disabled=no distance=1 dst-address=0.0.0.0/0 gateway=\
    203.0.113.254 routing-table=main scope=30 target-scope=10
add disabled=no dst-address=192.168.99.0/24 gateway=10.5.5.9 routing-table=\
    main
/system clock
set time-zone-name=Europe/Berlin
/system identity
set name=router
