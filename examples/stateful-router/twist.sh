# the right route, on a router that drops what it calls invalid and sends no redirects
route router 10.8.0.0/24 via 10.5.5.5
for d in all eth0; do write router ipv4/conf/$d/send_redirects 0; done
on router nft -f - <<'N'
table inet firewall {
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state established,related accept
    ct state invalid drop
  }
}
N
