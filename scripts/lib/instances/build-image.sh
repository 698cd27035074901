#!/usr/bin/env bash
# Builds the root file system that the sandbox's real instances boot from, once, and prints its folder.
#
# usage: build-image.sh [EXTRA_PACKAGE...]
#
# The image is below ${XDG_CACHE_HOME:-$HOME/.cache}/gantry/images, named by a hash of what goes into it (packages,
# suite, this script), so that a changed list makes a new image and an unchanged one costs nothing. It is built beside
# its final name and then moved: a build that was interrupted leaves no image behind. Needs root, mmdebstrap, and a
# Debian or Ubuntu host whose own package sources it uses.
set -euo pipefail

readonly PACKAGES=(
  systemd systemd-sysv dbus udev
  python3 python3-apt ansible-core
  iproute2 procps ca-certificates curl openssh-server sudo unzip
  ffmpeg python3-boto3 # what the shipped workload would install: a prepared image has it
)

fail() {
  printf 'build-image: %s\n' "$1" >&2
  exit 1
}

# The host's own sources of this suite; other suites' and other vendors' are left out. mmdebstrap reads one-line and
# deb822 files alike, and refuses a name that does not exist (new hosts have no sources.list).
host_sources() {
  local suite=$1 file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    if [[ -s $file ]] && grep -Eq "^(Suites:|deb[[:space:]]).*[[:space:]]${suite}([[:space:]]|\$)" "$file"; then
      printf '%s\n' "$file"
    fi
  done
}

# A proxy that the host's apt goes through is needed by the build's apt as well.
proxy_options() {
  local PROXY=''
  eval "$(apt-config shell PROXY Acquire::http::Proxy)"
  if [[ -n $PROXY ]]; then
    printf '%s\n' "--aptopt=Acquire::http::Proxy \"$PROXY\""
  fi
}

# SSH keys are made at an instance's first boot, as cloud images do it: instances must not share the image's. Without
# the RSA key that cloud-init makes as well, which takes a second.
export SSH_DROP_IN='[Service]
ExecStartPre=
ExecStartPre=-/usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
ExecStartPre=-/usr/bin/ssh-keygen -q -t ecdsa -N "" -f /etc/ssh/ssh_host_ecdsa_key
ExecStartPre=/usr/sbin/sshd -t
'

# Single quotes: mmdebstrap hands the root's folder to its hooks as their $1.
# shellcheck disable=SC2016
build() {
  local suite=$1 target=$2 include=$3
  local sources proxy
  mapfile -t sources < <(host_sources "$suite")
  mapfile -t proxy < <(proxy_options)
  mmdebstrap --variant=minbase --mode=root --include="$include" "${proxy[@]}" \
    --customize-hook='rm -f "$1"/etc/resolv.conf "$1"/etc/machine-id "$1"/etc/ssh/ssh_host_*' \
    --customize-hook=': > "$1"/etc/resolv.conf; : > "$1"/etc/machine-id' \
    --customize-hook='chroot "$1" systemctl mask systemd-networkd-wait-online.service' \
    --customize-hook='chroot "$1" systemctl mask apt-daily.timer apt-daily-upgrade.timer' \
    --customize-hook='mkdir -p "$1"/etc/systemd/system/ssh.service.d' \
    --customize-hook='printf %s "$SSH_DROP_IN" > "$1"/etc/systemd/system/ssh.service.d/host-key.conf' \
    "$suite" "$target" "${sources[@]}" >&2
}

main() {
  if [[ ${1:-} == -h || ${1:-} == --help ]]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0"
    exit 0
  fi
  [[ $EUID -eq 0 ]] || fail 'needs root, because it makes device nodes and owns files as root'
  command -v mmdebstrap >/dev/null || fail 'mmdebstrap is missing: apt-get install mmdebstrap'
  local package
  for package in "$@"; do
    [[ $package =~ ^[a-z0-9][a-z0-9+.-]+$ ]] || fail "not a package name: $package"
  done

  local suite include key cache image
  # shellcheck source=/dev/null
  suite=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [[ -n $suite ]] || fail 'the host is neither Debian nor Ubuntu: /etc/os-release names no VERSION_CODENAME'
  include=$(printf '%s\n' "${PACKAGES[@]}" "$@" | sort -u | paste -sd, -)
  key=$(cat <(printf '%s %s %s\n' "$suite" "$(dpkg --print-architecture)" "$include") "${BASH_SOURCE[0]}" |
    sha256sum | cut -c1-16)
  cache="${XDG_CACHE_HOME:-$HOME/.cache}/gantry/images"
  image="$cache/$suite-$key"

  mkdir -p "$cache"
  exec 9>"$cache/$suite-$key.lock"
  flock 9
  if [[ ! -d $image ]]; then
    # Left by a build that was killed: mmdebstrap unmounts what it mounts, so that a plain removal is safe.
    rm -rf --one-file-system "$image.part"
    build "$suite" "$image.part" "$include" || fail "mmdebstrap could not build $suite; its message is above"
    mv "$image.part" "$image"
  fi
  printf '%s\n' "$image"
}

main "$@"
