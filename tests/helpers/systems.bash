# shellcheck shell=bash
# Boots systems (systemd-nspawn) on a network of their own, for tests of the bastion channel. All names have the test's
# pid, so that nothing else on the machine is touched. Needs root and the image in $IMAGE.

SYSTEMS_ID=${SYSTEMS_ID:-$$}
SYSTEMS=/run/gantry-fallback-$SYSTEMS_ID
LAN=gantry-$SYSTEMS_ID
export SYSTEMS_ID SYSTEMS LAN

# make_lan: a bridge in a network namespace of its own, which has 10.77.0.1 and the metadata service's address.
make_lan() {
  mkdir -p "$SYSTEMS"
  ip netns add "$LAN"
  ip -n "$LAN" link set lo up
  ip -n "$LAN" link add lan type bridge
  ip -n "$LAN" addr add 10.77.0.1/24 dev lan
  ip -n "$LAN" addr add 169.254.169.254/32 dev lan
  ip -n "$LAN" link set lan up
}

hierarchies() {
  local root
  for root in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ ! -e "$root/cgroup.procs" ] || echo "$root"
  done
}

# make_system NAME ADDRESS: its disk, an overlay in memory that outlives a reboot, and its network.
make_system() {
  local place=$SYSTEMS/$1 number=${2##*.}
  mkdir -p "$place/disk" "$place/rootfs"
  mount -t tmpfs -o mode=0755 gantry "$place/disk"
  mkdir "$place/disk/upper" "$place/disk/work"
  mount -t overlay -o "lowerdir=$IMAGE,upperdir=$place/disk/upper,workdir=$place/disk/work" gantry "$place/rootfs"
  echo "$1" >"$place/rootfs/etc/hostname"
  printf '%032d\n' "$number" >"$place/rootfs/etc/machine-id"
  ip netns add "$LAN-$1"
  ip -n "$LAN" link add "v$number" type veth peer name eth0 netns "$LAN-$1"
  ip -n "$LAN" link set "v$number" master lan up
  ip -n "$LAN-$1" link set lo up
  ip -n "$LAN-$1" addr add "$2/24" dev eth0
  ip -n "$LAN-$1" link set eth0 up
  ip -n "$LAN-$1" route add 169.254.169.254 dev eth0
}

# boot_system NAME: its nspawn's pid goes to $SYSTEMS/NAME/nspawn, its first process's to $SYSTEMS/NAME/leader.
# shellcheck disable=SC2016 # the inner sh expands it
boot_system() {
  local groups=() root
  for root in $(hierarchies); do
    mkdir -p "$root/gantry-fallback-$SYSTEMS_ID/$1"
    groups+=("$root/gantry-fallback-$SYSTEMS_ID/$1")
  done
  sh -c 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@"' sh "${groups[@]}" -- \
    systemd-nspawn -q --register=no --keep-unit --boot -D "$SYSTEMS/$1/rootfs" -M "$1" \
    --network-namespace-path="/run/netns/$LAN-$1" --resolv-conf=off --console=pipe \
    </dev/null >>"$SYSTEMS/$1/console" 2>&1 3>&- &
  echo $! >"$SYSTEMS/$1/nspawn"
  eventually leader_is_there "$1"
  eventually is_up "$1"
}

leader_is_there() { pgrep -P "$(<"$SYSTEMS/$1/nspawn")" -x systemd >"$SYSTEMS/$1/leader"; }
is_up() { [[ $(on "$1" systemctl is-system-running) =~ ^(running|degraded)$ ]]; }
is_down() { ended "$(<"$SYSTEMS/$1/nspawn")"; }

# on NAME COMMAND…: runs it in the system.
on() {
  nsenter -t "$(<"$SYSTEMS/$1/leader")" -a --wdns=/root \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "${@:2}"
}

# put_on NAME MODE PATH: writes standard input into a file there.
# shellcheck disable=SC2016 # sh expands it, inside
put_on() { on "$1" sh -c 'mkdir -p "${1%/*}" && cat >"$1" && chmod "$0" "$1"' "$2" "$3"; }

# reboot_system NAME: as an instance reboots: its disk stays.
reboot_system() {
  kill -s RTMIN+5 "$(<"$SYSTEMS/$1/leader")"
  eventually is_down "$1"
  boot_system "$1"
}

# remove_system NAME: at once, as an instance is terminated.
remove_system() {
  local root group
  kill -KILL "$(<"$SYSTEMS/$1/leader")" 2>/dev/null || true
  eventually is_down "$1" || true
  ip -n "$LAN-$1" link del eth0 2>/dev/null || true
  ip netns del "$LAN-$1" || true
  umount -l "$SYSTEMS/$1/rootfs" "$SYSTEMS/$1/disk" || true
  for root in $(hierarchies); do
    while read -r group; do
      rmdir "$group" 2>/dev/null || true
    done < <(find "$root/gantry-fallback-$SYSTEMS_ID/$1" -depth -type d 2>/dev/null)
  done
}

remove_lan() {
  local root
  ip netns del "$LAN" || true
  for root in $(hierarchies); do rmdir "$root/gantry-fallback-$SYSTEMS_ID" 2>/dev/null || true; done
}
