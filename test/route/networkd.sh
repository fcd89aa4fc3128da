#!/bin/sh
# networkd.sh FOLDER: runs systemd-networkd on the units of FOLDER, in a mount namespace of its own, until its routes
# have stayed the same for half a second, or ten are over. Its network namespace must be one of its own too. A read-only /sys tells it that no udev runs.
set -eu
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/network /run/systemd/netif
chown -R systemd-network:systemd-network /run/systemd/netif
cp "$1"/*.network /run/systemd/network/
mount -o remount,ro /sys
for folder in /etc/systemd/network /usr/lib/systemd/network; do
  [ ! -d "$folder" ] || mount -t tmpfs tmpfs "$folder"
done
SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info /lib/systemd/systemd-networkd &
networkd=$!
before=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 0.5
  now=$(ip -4 route show table all; ip -6 route show table all)
  case $now in *"proto static"*) if [ "$now" = "$before" ]; then break; fi ;; esac
  before=$now
done
kill "$networkd"
wait "$networkd" || true
