#!/bin/busybox sh
# First program of the virtual machine: takes the host's / read-only, puts memory over the folders that programs write to,
# runs /run/share/script as root and leaves its output and exit code in /run/share.
b=/bin/busybox
$b mount -t proc proc /proc
while read -r module; do $b insmod "/modules/$module"; done </modules/order
read -r cmdline </proc/cmdline
modules=${cmdline##*modules=}
plan9=trans=virtio,version=9p2000.L,msize=512000
$b mount -t 9p -o $plan9,cache=loose,ro root /root || $b poweroff -f
cd /root
# the untouched tree, with what the memory hides
$b mount --bind /root mnt
$b mount -t proc proc proc
$b mount -t sysfs sysfs sys
$b mount -t devtmpfs devtmpfs dev
for folder in tmp run var/lib var/log dev/shm root; do
  $b mkdir -p "$folder" 2>/dev/null
  $b mount -t tmpfs tmpfs "$folder"
done
$b mkdir run/share
$b mount -t 9p -o $plan9 share run/share || $b poweroff -f
# the kernel asks for the modules that it needs
printf '#!/bin/sh\nexec /sbin/modprobe -d "/mnt%s" "$@"\n' "$modules" >run/modprobe
$b chmod +x run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
$b hostname vm
cat >run/first <<'S'
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb
cd /root
ip link set lo up
setsid sh /run/share/script </dev/null >/run/share/output 2>&1
echo $? >/run/share/code
sync
umount /run/share
echo o >/proc/sysrq-trigger
# 9p may be gone already: no further program could be started, and the end of this one would be a panic
while :; do :; done
S
exec $b switch_root /root /bin/sh /run/first
