# Runs a command beside an SSH server, in a network and with a home folder that nobody else sees.
# unshare -mn sh ssh-host.sh FOLDER COMMAND...; FOLDER/home becomes root's home, FOLDER/host_key is the server's key.
set -eu
folder=$1
shift
mount --make-rprivate /
mount --bind "$folder/home" /root
ip link set lo up
dropbear -r "$folder/host_key" -p 127.0.0.1:2222 -F -E -s -j -k 2>"$folder/server.log" &
server=$!
trap 'kill "$server"' EXIT
for _ in $(seq 50); do
  ss -ltn | grep -q 127.0.0.1:2222 && break
  sleep 0.1
done
HOME=/root "$@"
