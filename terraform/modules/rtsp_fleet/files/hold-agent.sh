# shellcheck shell=sh
# Keeps the SSM agent from starting until prepare-image has made its file: a condition on its unit, as Ubuntu's snap and
# as the package name it. Where it was faster than this it is stopped again.
for unit in snap.amazon-ssm-agent.amazon-ssm-agent.service amazon-ssm-agent.service; do
  mkdir -p "/etc/systemd/system/$unit.d"
  printf '[Unit]\nConditionPathExists=/var/lib/gantry/image-is-ready\n' >"/etc/systemd/system/$unit.d/gantry.conf"
done
systemctl daemon-reload
systemctl stop --no-block snap.amazon-ssm-agent.amazon-ssm-agent.service amazon-ssm-agent.service || true
