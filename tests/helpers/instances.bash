# shellcheck shell=bash
# Real instances of the sandbox, seen from this machine.

# launch_by_hand: in a group without a hook, so that no playbook has run on the instance.
launch_by_hand() {
  aws autoscaling create-auto-scaling-group --auto-scaling-group-name by-hand --launch-configuration-name example \
    --min-size 1 --max-size 1 --desired-capacity 1 --vpc-zone-identifier subnet-0123456789abcdef0
}

# instance_of GROUP FIELD: a field of its only instance.
instance_of() {
  aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$1" --output text \
    --query "AutoScalingGroups[0].Instances[0].$2"
}

# address_of INSTANCE: as its agent reports it.
address_of() {
  aws ssm describe-instance-information --filters "Key=InstanceIds,Values=$1" --output text \
    --query 'InstanceInformationList[0].IPAddress'
}

has_registered() { [[ $(address_of "$1") == [0-9]* ]]; }

# only_instance_of GROUP: its id, once its agent has registered.
only_instance_of() {
  eventually group_has_registered "$1" && instance_of "$1" InstanceId
}

group_has_registered() { has_registered "$(instance_of "$1" InstanceId)"; }

# enter INSTANCE: the functions below and those of helpers/role then use it.
enter() {
  local nspawn
  INSTANCE=$1
  nspawn=$(pgrep -f -- "^systemd-nspawn .* -M $INSTANCE ") && LEADER=$(pgrep -P "$nspawn" -x systemd)
  # The address of its only interface.
  # shellcheck disable=SC2034 # helpers/role uses it
  ADDRESS=$(inside hostname -I | cut -d' ' -f1)
}

# packages_for FOLDER PACKAGE…: makes a repository of what apt would fetch to install these on an instance. Fails if
# this machine's apt reaches no repository.
packages_for() {
  mkdir -p "$1/partial"
  apt-get -q -y -o "Dir::State::status=$IMAGE/var/lib/dpkg/status" -o "Dir::Cache::archives=$1/" -o Debug::NoLocking=1 \
    -o APT::Sandbox::User=root -o APT::Install-Recommends=false --download-only install "${@:2}" &&
    (cd "$1" && dpkg-scanpackages . >Packages)
}

# bring_packages FOLDER: makes it the instance's only repository.
bring_packages() {
  inside mkdir -p /srv/packages
  tar -C "$1" -c . | inside tar -C /srv/packages -x
  inside sh -c 'rm -f /etc/apt/sources.list.d/*; echo "deb [trusted=yes] file:/srv/packages ./" >/etc/apt/sources.list'
}

inside() {
  nsenter -t "$LEADER" -a --wdns=/root env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
}

python_of_the_image() { chroot "$IMAGE" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }
