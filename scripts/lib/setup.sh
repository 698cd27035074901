# shellcheck shell=bash
# Sets a Debian or Ubuntu machine up. Sourced after common.sh; then: setup_system GROUP…, setup_python.
# Groups: build (JDK, Maven), real (what instances that really boot need), local (what local instances need besides
# Python), test (linters and test runners), ssh (OpenSSH's server, which the bastion function's tests start themselves),
# media (what reads and makes videos), browser (Chromium, for tests of the console), iam (Node, for the engine that
# judges policies), venv (environments only).

VENV=$STATE/venv
export VENV

# Groups, what must be there (a command, or a function of this file), package, and what happens without it.
# "-" in the last place: nothing works without it.
TOOLS='
build|jdk_home|@jdk|-
build|mvn|maven|-
build|python3|python3|-
build,test,venv|python_makes_venvs|python3-venv|-
real|systemd-nspawn|systemd-container|instances do not boot
real|mmdebstrap|mmdebstrap|instances do not boot
real|dpkg-scanpackages|dpkg-dev|instances do not boot
real|ip|iproute2|instances do not boot
local|unzip|unzip|Python unpacks the bundles of local instances
test|unzip|unzip|bundles are not unpacked by a second implementation
test|shellcheck|shellcheck|shell scripts are not linted
test|bats|bats|the tests of the scripts are skipped
iam|node|nodejs|no engine judges the policies
iam|npm|npm|no engine judges the policies
ssh|sshd|openssh-server|the bastion function is not tried against OpenSSH
media|ffmpeg|ffmpeg|no videos are published and played
browser|chromium|chromium|the console is not tried in a browser
browser|chromedriver|chromium-driver|the console is not tried in a browser
'
# Where systemd reads which units not to start.
UNITS_OFF=/etc/systemd/system
APT_STATE=/var/lib/apt

# jdk_major HOME: prints the major version of the JDK there, fails if there is none. Reading the file "release" is
# faster than starting javac.
jdk_major() {
  local said
  [[ -n $1 && -x $1/bin/javac ]] || return 1
  said=$(grep '^JAVA_VERSION=' "$1/release" 2>/dev/null) || said=$("$1/bin/javac" -version 2>&1)
  sed -nE 's/^(JAVA_VERSION="|javac )(1\.)?([0-9]+).*/\3/p' <<<"$said"
}

# jdk_home: prints the home of the JDK to build with: JAVA_HOME, else javac's on the PATH, else the oldest installed;
# 17 or newer each time. The oldest, because formatter and Error Prone know 17 to 21 only.
jdk_home() {
  local javac home best='' best_major=999 major
  javac=$(command -v javac || true)
  for home in "${JAVA_HOME:-}" "${javac:+$(dirname "$(dirname "$(readlink -f "$javac")")")}"; do
    major=$(jdk_major "$home") && ((major >= 17)) && echo "$home" && return 0
  done
  for home in /usr/lib/jvm/*; do
    major=$(jdk_major "$home") || continue
    ((major >= 17 && major < best_major)) && best=$home best_major=$major
  done
  [[ -n $best ]] && echo "$best"
}

# newer_jdk_home: prints the home of the newest installed JDK of 21 or more, fails if there is none.
newer_jdk_home() {
  local home best='' best_major=20 major
  for home in /usr/lib/jvm/*; do
    major=$(jdk_major "$home") || continue
    ((major > best_major)) && best=$home best_major=$major
  done
  [[ -n $best ]] && echo "$best"
}

# Debian leaves ensurepip out of python3: it comes with python3-venv.
python_makes_venvs() {
  python3 -S -c 'from importlib.util import find_spec
raise SystemExit(not (find_spec("ensurepip") and find_spec("venv")))' 2>/dev/null
}

# jdk_package: prints the oldest JDK package of 17 or newer that this machine's apt knows.
jdk_package() {
  local package
  for package in openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless; do
    apt-cache show "$package" >/dev/null 2>&1 && echo "$package" && return 0
  done
  echo default-jdk-headless
}

# missing GROUP…: prints the lines of TOOLS whose tool is not there.
missing() {
  local wanted=" $* " groups check package without
  while IFS='|' read -r groups check package without; do
    [[ -n $groups && $wanted =~ \ (${groups//,/|})\  ]] || continue
    if [[ $(type -t "$check") == function ]]; then
      "$check" >/dev/null 2>&1 && continue
    elif has "$check" || [[ -x /usr/sbin/$check || -x /sbin/$check ]]; then
      continue
    fi
    echo "$groups|$check|$package|$without"
  done <<<"$TOOLS"
}

# may_install: asks once on a terminal; without a terminal it does not ask.
may_install() {
  [[ -t 0 && -t 2 ]] || return 0
  local answer
  read -r -p 'Install them? [Y/n] ' answer
  [[ -z $answer || $answer == [yY]* ]]
}

# One at a time, also if two commands run beside each other: apt-get itself waits for dpkg's lock only.
apt_get() {
  DEBIAN_FRONTEND=noninteractive flock "$APT_STATE" apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

# leave_off PACKAGE…: keeps the services of these packages from starting, now and at the next boot. To use one, run
# systemctl unmask.
leave_off() {
  local unit
  [[ " $* " == *' openssh-server '* ]] || return 0
  for unit in ssh.service ssh.socket; do
    [[ -e $UNITS_OFF/$unit ]] || { mkdir -p "$UNITS_OFF" && ln -s /dev/null "$UNITS_OFF/$unit"; }
  done
  say "openssh-server comes without its service ($UNITS_OFF/ssh.service is masked): tests start sshd themselves."
}

# install_packages PACKAGE…: an update that fails (no network, a broken foreign source) need not stop the installation.
install_packages() {
  step 'apt-get update' apt-update apt_get update || warn 'Going on with the package lists that are there.'
  local packages=("${@/#@jdk/$(jdk_package)}")
  leave_off "${packages[@]}"
  step "apt-get install ${packages[*]}" apt-install apt_get install -y --no-install-recommends "${packages[@]}"
}

# setup_system GROUP…: installs what is missing (root), or says in one line what is missing and what happens instead.
# Ends the script with 3 when something is missing without which nothing works.
setup_system() {
  local lines
  lines=$(missing "$@")
  if [[ -n $lines ]] && is_root && has apt-get; then
    local packages
    mapfile -t packages < <(cut -d'|' -f3 <<<"$lines" | sort -u)
    say "Missing, to be installed by apt-get: ${packages[*]/#@jdk/a JDK of 17 or newer}"
    if may_install; then
      install_packages "${packages[@]}" || die 'apt-get could not install what is missing; its output is above.'
      lines=$(missing "$@")
    fi
  fi
  [[ -z $lines ]] || report_missing "$lines"
  JAVA_HOME=$(jdk_home) || true
  export JAVA_HOME
}

# report_missing LINES: one line on what is not there and what happens instead.
report_missing() {
  local why='not installed' check package without vital='' rest='' last=''
  is_root || why='not root, so not installed'
  while IFS='|' read -r _ check package without; do
    package=${package/#@jdk/openjdk-17-jdk-headless}
    if [[ $without == - ]]; then
      vital+=" $package"
    elif [[ $without == "$last" ]]; then
      rest+=", $package"
    else
      rest+="${rest:+ ($last), }$package"
      last=$without
    fi
  done <<<"$1"
  [[ -z $rest ]] || rest+=" ($last)"
  [[ -z $vital ]] || cannot "needs$vital; as root: apt-get install$vital${rest:+. Missing too: $rest}"
  warn "Missing, $why: $rest."
}

# setup_python: the Python tools of the tests, in .gantry/venv.
setup_python() { venv_from "$VENV" "$ROOT/tests/requirements.txt"; }

# need_python: the same, and ends the script with 1 if they cannot be installed.
need_python() { setup_python || die "the Python tools could not be installed; pip's output is above."; }

# setup_demo_python INSTANCES: sets DEMO_PYTHON to a Python with what the demo needs, and for local instances Ansible.
# Uses the tests' environment if it is made already, otherwise a small one.
setup_demo_python() {
  local name=demo
  [[ $1 != local ]] || name=local
  local venv=$STATE/$name-venv
  if venv_is_from "$VENV" "$ROOT/tests/requirements.txt"; then
    venv=$VENV
  else
    venv_from "$venv" "$ROOT/scripts/$name-requirements.txt" || return 1
  fi
  # shellcheck disable=SC2034 # scripts/demo reads it
  DEMO_PYTHON=$venv/bin/python
}

# What a virtual environment is made from: its list and the Python.
stamp_of() { cat "$1" <(python3 --version) | sha256sum | cut -d' ' -f1; }

# venv_is_from VENV LIST: whether it was made from this list, by this Python.
venv_is_from() { [[ $(cat "$1/.made-from" 2>/dev/null) == "$(stamp_of "$2")" ]]; }

# venv_from VENV LIST: makes it, unless it was made from this list by this Python.
venv_from() {
  make_state log
  exec 9>"$1.lock"
  flock 9
  if ! venv_is_from "$1" "$2"; then
    (setup_system venv) || return 1
    rm -rf "$1"
    step "Python tools into .gantry/${1##*/}" venv make_venv "$1" "$2" || return 1
    stamp_of "$2" >"$1/.made-from"
  fi
  exec 9>&-
}

make_venv() {
  python3 -m venv "$1" && "$1/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$2"
}
