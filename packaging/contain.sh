#!/usr/bin/env bash
# Runs a command as the only one in a container, with nothing but util-linux and iproute2: process 1, user 10001, a root that nobody can write,
# no capability and no way to one, no network but loopback. As root:
#
#   packaging/contain.sh ROOT DATA CONFIG COMMAND...
set -euo pipefail
exec unshare --mount --pid --ipc --uts --net --fork --propagation private bash -euc '
  root=$1 data=$2 config=$3
  shift 3
  ip link set lo up
  mount --bind "$root" "$root"
  mount --bind "$data" "$root/data"
  mount --bind "$config" "$root/config"
  mount -t proc proc "$root/proc" -o nosuid,nodev,noexec
  mount -t tmpfs tmpfs "$root/tmp" -o nosuid,nodev,mode=1777
  mount -t tmpfs tmpfs "$root/dev" -o nosuid,mode=755
  for device in null zero random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
  mkdir "$root/dev/shm"
  mount -t tmpfs tmpfs "$root/dev/shm" -o nosuid,nodev,noexec,mode=1777
  for place in "$root/dev" "$root/config" "$root"; do mount -o remount,bind,ro "$place"; done
  exec chroot "$root" env -i --chdir=/config PATH=/opt/digestbot/bin:/usr/bin:/bin HOME=/data DIGESTBOT_DATA=/data \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
' contain "$@"
