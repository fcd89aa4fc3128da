# Debian packages that the tests use, beside Node 20: sourced by test.sh and .ci/run.
packages="openvpn openssl openssh-client dropbear-bin iproute2 iputils-ping net-tools nftables iptables ipset tcpdump python3 procps dnsmasq-base fail2ban fonts-dejavu-core"
# the guard as a service of a systemd that the tests start in namespaces
packages="$packages systemd"
# shells whose completion is tried, and a checker of manual pages
packages="$packages zsh fish mandoc"
# proxies that the guard works in; a browser that draws the page
packages="$packages nginx-light haproxy chromium"
# a virtual machine with a kernel that has IPVS, for Keepalived (the first run also fetches 70 MB of kernel)
packages="$packages qemu-system-x86 busybox-static cpio kmod xz-utils keepalived ipvsadm"
# systems that routes are written for; the last two would take interfaces over where a systemd runs the machine, so there
# they are left out
packages="$packages netplan.io wireguard-tools"
if [ ! -d /run/systemd/system ]; then packages="$packages network-manager ifupdown"; fi

# installs what is missing, as root on a Debian system; says what stays out otherwise
install_packages() {
  missing=""
  for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  else
    echo "not installed (needs root on Debian):$missing: tests that need them are left out"
  fi
}
