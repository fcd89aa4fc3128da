#!/bin/sh
# A site with nginx, a blocked visitor and an ordinary one, each in a network namespace of its own. Prints what both
# get, and draws the page as the blocked one sees it when there is a chromium: sh run.sh [FOLDER for the pictures]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pictures=$(cd "${1:-.}" && pwd)
waymark=${WAYMARK:-$here/../../bin/waymark}
run=wm-$$
work=$(mktemp -d)
pids=

clean() {
  [ -z "$pids" ] || kill $pids 2>/dev/null || true
  [ -z "$pids" ] || wait $pids 2>/dev/null || true
  for name in site blocked ordinary; do ip netns del "$run-$name" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM

in_ns() { ns=$1; shift; ip netns exec "$run-$ns" "$@"; }
until_it() { # SECONDS COMMAND...: tries ten times a second
  left=$(($1 * 10)); shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "did not happen: $*" >&2; cat "$work"/*.log >&2; exit 1; }
    sleep 0.1
  done
}

# the site is 198.51.100.1; its visitors come over links of their own
for name in site blocked ordinary; do ip netns add "$run-$name"; in_ns "$name" ip link set lo up; done
in_ns site ip addr add 198.51.100.1/32 dev lo
for visitor in blocked:192.0.2.6:192.0.2.7 ordinary:192.0.2.8:192.0.2.9; do
  name=${visitor%%:*} mine=${visitor#*:} theirs=${visitor##*:}
  ip link add "$name" netns "$run-site" type veth peer name eth0 netns "$run-$name"
  in_ns site ip addr add "${mine%:*}/31" dev "$name"; in_ns site ip link set "$name" up
  in_ns "$name" ip addr add "$theirs/31" dev eth0; in_ns "$name" ip link set eth0 up
  in_ns "$name" ip route add default via "${mine%:*}"
done

# the site, and the guard beside it
cp -r "$here/site" "$work/html"; cp "$here/nginx.conf" "$work"
chmod 755 "$work"
{ cat "$here/guard.yaml"; echo "folder: $work/decisions"; echo "socket: $work/guard.sock"; } >"$work/guard.yaml"
# not by in_ns: the process to end later is the program itself, which `ip netns exec` becomes
ip netns exec "$run-site" nginx -p "$work" -c nginx.conf -e stderr >"$work/nginx.log" 2>&1 & pids="$pids $!"
# shellcheck disable=SC2086 # a command with arguments
ip netns exec "$run-site" $waymark guard run --settings "$work/guard.yaml" >"$work/guard.log" 2>&1 & pids="$pids $!"
until_it 30 grep -q 'the guard runs' "$work/guard.log"

# shellcheck disable=SC2086
in_ns site $waymark block 192.0.2.7 --for 2h --reason "Too many failed logins" --ref K7P-4QD --settings "$work/guard.yaml"

get='require("node:http").get("http://198.51.100.1/", { headers: { Accept: process.argv[1] } }, (r) => {
  let body = ""; r.on("data", (d) => (body += d)).on("end", () => console.log(r.statusCode + " " + body)); });'
for name in ordinary blocked; do
  printf '\n== the %s visitor gets\n' "$name"
  # a terminal asks for text; the site knows HTML only
  in_ns "$name" node -e "$get" text/plain
done

browser=${CHROMIUM:-chromium}
command -v "$browser" >/dev/null || { echo "no pictures: there is no $browser" >&2; exit 0; }
shot() { # WHO FILE SIZE FLAGS...
  who=$1 file=$2 size=$3; shift 3
  in_ns "$who" timeout 90 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
    --hide-scrollbars --user-data-dir="$work/profile" --window-size="$size" --screenshot="$pictures/$file" "$@" \
    --host-resolver-rules='MAP juniper.example 198.51.100.1' http://juniper.example/ >"$work/chromium.log" 2>&1
  [ -s "$pictures/$file" ] || { cat "$work/chromium.log" >&2; exit 1; }
  echo "$file: what the $who visitor sees"
}
echo
shot ordinary ordinary.png 1100,700
shot blocked blocked.png 1100,1000
shot blocked blocked-dark.png 1100,1000 --blink-settings=preferredColorScheme=0
shot blocked blocked-narrow.png 500,1200 --accept-lang=de
shot blocked blocked-narrow-dark.png 500,1150 --blink-settings=preferredColorScheme=0
