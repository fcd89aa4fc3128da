/**
 * The POSIX sh script that prints this machine's bundle (docs/bundle.md), on Linux, macOS and the BSDs. It only reads, needs nothing installed, and
 * also works without root, where it says what it could not read. Feed it to `sh -s`, here, under `ip netns exec NAME`
 * or through ssh. Whatever could be a key or a password stays behind: of OpenVPN's files only the directives in
 * `clean` are printed with their arguments.
 */
export const collectScript = (): string => SCRIPT;

const SCRIPT = String.raw`#!/bin/sh
# Prints what this machine knows about its network, as facts for Waymark. It changes nothing. Without root it says
# what it could not read. Keys and passwords are left out: clean() keeps only the OpenVPN lines that are needed.

# section TITLE COMMAND...: what the command prints, then its errors (=== !) and its exit code (=== ?) unless 0
section() {
  printf '=== %s\n' "$1"
  shift
  {
    said=$({
      { "$@" </dev/null 2>&3; printf '\n? %s\n' $? >&3; echo; } |
        sed -e 's/^\\*===/\\&/' -e '$!b' -e '/^$/d' >&4
    } 3>&1)
  } 4>&1
  printf '%s\n' "$said" | sed -e '/^$/d' -e '/^? 0$/d' -e 's/^? [0-9]*$/=== &/' -e t -e 's/^/=== ! /'
}

run() { section "$*" "$@"; }

# the kernel settings that decide over packets
settings() {
  cd /proc/sys/net || return
  set -- ipv4/ip_forward ipv4/ip_default_ttl ipv4/icmp_echo_ignore_all ipv6/icmp/echo_ignore_all \
    ipv4/fwmark_reflect ipv6/fwmark_reflect ipv4/fib_multipath_* ipv6/fib_multipath_* nf_conntrack_max \
    netfilter/nf_conntrack_tcp_loose netfilter/nf_conntrack_tcp_be_liberal bridge/bridge-nf-call-* \
    ipv4/vs/conntrack ipv4/vs/snat_reroute ipv4/vs/sloppy_tcp ipv4/vs/expire_nodest_conn ipv4/vs/conn_reuse_mode
  for key in forwarding rp_filter accept_redirects send_redirects secure_redirects shared_media accept_local \
    route_localnet src_valid_mark arp_announce arp_ignore proxy_arp bc_forwarding; do set -- "$@" ipv4/conf/*/$key; done
  for key in forwarding disable_ipv6 accept_ra force_forwarding; do set -- "$@" ipv6/conf/*/$key; done
  for key; do shift; if [ -e "$key" ]; then set -- "$@" "/proc/sys/net/$key"; fi; done
  grep -H . "$@"
}

# is process $1 in our network namespace? Where that may not be read: yes
same_network() {
  there=$(readlink "/proc/$1/ns/net" 2>/dev/null)
  [ -z "$there" ] || [ "$there" = "$(readlink /proc/self/ns/net)" ]
}

# processes NAME: the numbers of those in our network namespace
processes() {
  for dir in /proc/[0-9]*; do
    { read -r name <"$dir/comm"; } 2>/dev/null || continue
    if [ "$name" = "$1" ] && same_network "$(basename "$dir")"; then basename "$dir"; fi
  done
}

# who configures the network
managers() {
  for name in systemd-network NetworkManager; do
    if [ -n "$(processes $name)" ]; then echo "running $name"; fi
  done
  same_network 1 || return 0
  for file in /etc/netplan/*.yaml; do
    if [ -e "$file" ]; then echo "file $file"; fi
  done
  sed -n 's/^[[:space:]]*\(iface[[:space:]].*\)/\1/p' /etc/network/interfaces /etc/network/interfaces.d/* 2>/dev/null
  return 0
}

# An OpenVPN configuration without secrets, line by line: the directives that matter, of all others the name,
# of inline blocks and comments nothing.
clean() {
  awk '
    BEGIN {
      list = "mode server server-ipv6 server-bridge ifconfig ifconfig-ipv6 ifconfig-pool ifconfig-ipv6-pool topology " \
        "ifconfig-push ifconfig-ipv6-push dev dev-type proto port lport rport remote local nobind bind cd config " \
        "route route-ipv6 route-gateway route-metric route-nopull route-noexec iroute iroute-ipv6 push-remove " \
        "push-reset redirect-gateway redirect-private client pull tls-client tls-server client-to-client " \
        "client-config-dir ccd-exclusive disable disable-dco status status-version management tun-mtu mssfix fragment"
      n = split(list, names, " ")
      for (i = 1; i <= n; i++) keep[names[i]] = 1
    }
    { sub(/^[ \t]+/, ""); sub(/\r$/, "") }
    closing != "" {
      if (index($0, closing) == 1) { print closing; closing = "" } else print ""
      next
    }
    /^<\/?connection>/ { print; next }
    match($0, /^<[^>\/]+>/) { closing = "</" substr($0, 2, RLENGTH - 2) ">"; print substr($0, 1, RLENGTH); next }
    /-----BEGIN/ { pem = 1 }
    pem { if (/-----END/) pem = 0; print ""; next }
    /^[#;]/ { print ""; next }
    {
      sub(/[ \t][#;][^"]*$/, "")
      word = $1
      sub(/^--/, "", word)
      if (word in keep) print
      else if (word == "push" && $0 ~ /^(--)?push[ \t]+.?(route|redirect-|topology)/) print
      else if (word ~ /^[a-z][a-z0-9-]*$/ && length(word) < 32) print word
      else print ""
    }'
}

clean_file() { cat "$1" >/dev/null && clean <"$1"; }

# the command line of process $1 in the form of a configuration
command_line() {
  tr '\000' '\n' <"/proc/$1/cmdline" | awk '
    NR == 1 { next }
    NR == 2 && !/^--/ { print "config \"" $0 "\""; next }
    sub(/^--/, "") { if (line != "") print line; line = $0; next }
    { gsub(/["\\]/, "\\\\&"); line = line " \"" $0 "\"" }
    END { if (line != "") print line }' | clean
}

# values DIRECTIVE: its first arguments in the cleaned text on standard input, a line each
values() {
  sed -n -e "s/^\(--\)*$1[[:space:]][[:space:]]*//p" |
    sed -e 's/^"\([^"]*\)".*/\1/' -e t -e "s/^'\([^']*\)'.*/\1/" -e t -e 's/[[:space:]].*//'
}

# follow TEXT DIRECTORY DEPTH: the files that a cleaned configuration names
follow() {
  printf '%s\n' "$1" | values config | while read -r file; do
    case $file in /*) ;; *) file=$2/$file ;; esac
    section "file $file" clean_file "$file"
    if [ "$3" -lt 5 ] && [ -r "$file" ]; then follow "$(clean <"$file")" "$2" $(($3 + 1)); fi
  done
  printf '%s\n' "$1" | values client-config-dir | sed 's,/*$,,' | while read -r dir; do
    case $dir in /*) ;; *) dir=$2/$dir ;; esac
    section "ls $dir" ls "$dir"
    for file in "$dir"/*; do
      if [ -f "$file" ]; then section "file $file" clean_file "$file"; fi
    done
  done
  printf '%s\n' "$1" | values status | while read -r file; do
    case $file in /*) ;; *) file=$2/$file ;; esac
    section "file $file" cat "$file"
  done
  if [ -n "$(printf '%s\n' "$1" | values status)" ]; then return; fi
  printf '%s\n' "$1" | sed -n 's/^management  *"*\([^" ]*\)"*  *"*unix"*$/\1/p' | while read -r file; do
    case $file in /*) ;; *) file=$2/$file ;; esac
    section "management $file" ask_management "$file"
  done
}

ask_management() {
  { echo 'status 2'; sleep 1; echo quit; } | if command -v socat >/dev/null; then timeout 5 socat -t 2 - "UNIX-CONNECT:$1"
  elif command -v nc >/dev/null; then timeout 5 nc -U "$1"
  else echo 'neither socat nor nc is here to ask with' >&2; return 127; fi
}

openvpn() {
  for pid in $(processes openvpn); do
    dir=$(readlink "/proc/$pid/cwd" || echo '?')
    text=$(command_line "$pid" 2>/dev/null)
    if [ -z "$text" ]; then continue; fi # it has just ended
    section "openvpn process $pid in $dir" printf '%s\n' "$text"
    follow "$text" "$dir" 0
  done
  same_network 1 || return
  for file in /etc/openvpn/*.conf /etc/openvpn/server/*.conf /etc/openvpn/client/*.conf; do
    if [ -e "$file" ]; then section "file $file" clean_file "$file"; fi
  done
}

# A keepalived.conf without secrets, line by line: what makes virtual servers, addresses, of all else the first word and
# the braces.
clean_keepalived() {
  awk '
    BEGIN {
      list = "virtual_server virtual_server_group real_server sorry_server sorry_server_lvs_method lb_algo lvs_sched " \
        "lb_kind lvs_method protocol persistence_timeout ip_family weight quorum fwmark connect_port include includer " \
        "includem includew includeb includea TCP_CHECK"
      n = split(list, names, " ")
      for (i = 1; i <= n; i++) keep[names[i]] = 1
    }
    text { if (!sub(/^[^"]*"/, "")) { print ""; next } text = 0 }
    { sub(/\r$/, ""); gsub(/"[^"]*"/, ""); sub(/[#!].*/, ""); text = sub(/".*/, "") }
    /^[ \t]*\$[A-Za-z_0-9]+=([0-9]+\.[0-9.\/-]+|[0-9a-fA-F]*:[0-9a-fA-F:.\/-]+)[ \t]*$/ { print; next }
    {
      word = $1
      sub(/[{}].*/, "", word)
      if (word in keep) { print; next }
      braces = $0
      gsub(/[^{}]/, "", braces)
      if (word ~ /^[0-9a-fA-F]*[.:][0-9a-fA-F.:\/-]*$/) print word, ($2 ~ /^[0-9]+$/ ? $2 : ""), braces
      else if (word ~ /^[A-Za-z_][A-Za-z0-9_-]*$/ && length(word) < 32) print word, braces
      else print braces
    }'
}

clean_keepalived_file() { cat "$1" >/dev/null && clean_keepalived <"$1"; }

# the configurations of running Keepalived, else the usual one
keepalived_files() {
  for pid in $(processes keepalived); do
    file=$(tr '\000' '\n' <"/proc/$pid/cmdline" | sed -n -e 's/^--use-file=//p' -e 's/^-f\(.\)/\1/p' -e '/^-f$/{n;p;}')
    echo "running ${'$'}{file:-/etc/keepalived/keepalived.conf}"
  done | sort -u
  if same_network 1 && [ -e /etc/keepalived/keepalived.conf ]; then echo 'file /etc/keepalived/keepalived.conf'; fi
}

# keepalived_file FILE DEPTH: it, and the files that it includes
keepalived_file() {
  section "file $1" clean_keepalived_file "$1"
  if [ "$2" -gt 4 ]; then return; fi
  sed -n 's/^[[:space:]]*include[rmwba]*[[:space:]][[:space:]]*//p' "$1" 2>/dev/null | while read -r pattern; do
    case $pattern in /*) ;; *) pattern=$(dirname "$1")/$pattern ;; esac
    for file in $pattern; do if [ -f "$file" ]; then keepalived_file "$file" $(($2 + 1)); fi; done
  done
}

ipvs() {
  # asking ipvsadm would load the module
  if [ -e /proc/net/ip_vs ]; then
    run cat /proc/net/ip_vs
    if command -v ipvsadm-save >/dev/null; then run ipvsadm-save -n; fi
  fi
  files=$(keepalived_files)
  if [ -z "$files" ]; then return; fi
  section keepalived printf '%s\n' "$files"
  printf '%s\n' "$files" | sed 's/^[a-z]* //' | sort -u | while read -r file; do keepalived_file "$file" 0; done
}

# WireGuard's interfaces and peers, without private and preshared keys
wg_dump() {
  said=$(wg show all dump) && printf '%s\n' "$said" |
    awk -F '\t' -v OFS='\t' 'NF > 5 { $3 = "(hidden)" } NF == 5 { $2 = "(hidden)" } { print }'
}

# macOS and the BSDs
bsd() {
  if [ -r /etc/platform ]; then run cat /etc/platform; fi
  if command -v opnsense-version >/dev/null; then run opnsense-version; fi
  run netstat -rn
  run ifconfig -a
  run sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding
  ps -axww -o pid= -o args= |
    sed -n 's/^ *\([0-9][0-9]*\) [^ ]*openvpn .*--config \([^ ]*\).*/\1 \2/p' | while read -r pid file; do
    case $file in /*) ;; *) continue ;; esac # its directory is not known
    section "openvpn process $pid in $(dirname "$file")" printf 'config "%s"\n' "$file"
    follow "config \"$file\"" "$(dirname "$file")" 0
  done
}

main() {
  LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
  export LC_ALL PATH
  echo '# waymark facts 1'
  run uname -n
  run uname -sr
  run date -u +%Y-%m-%dT%H:%M:%SZ
  run id -u
  case $(uname -s) in Darwin | *BSD | DragonFly)
    bsd
    echo '=== end'
    return
    ;;
  esac
  # JSON and numbers where this ip can do it
  for details in '-j -d -N' '-j -d' ''; do
    if ip $details route show >/dev/null 2>&1; then break; fi
  done
  json=$(echo $details | sed 's/ -N//')
  section 'ip netns identify' ip netns identify $$
  run ip netns list-id
  run ip $json addr show
  run ip -4 $details route show table all
  run ip -6 $details route show table all
  run ip -4 $details rule show
  run ip -6 $details rule show
  run ip $json neigh show
  section 'grep -H . /proc/sys/net' settings
  run nft -j list ruleset
  run iptables-save
  run ip6tables-save
  # legacy tables only where they are in use: asking would load them
  if grep -qs . /proc/net/ip_tables_names; then run iptables-legacy-save; fi
  if grep -qs . /proc/net/ip6_tables_names; then run ip6tables-legacy-save; fi
  run ipset save
  section managers managers
  ipvs
  openvpn
  if command -v wg >/dev/null; then section 'wg show all dump' wg_dump; fi
  echo '=== end'
}

main
`;
