#!/usr/bin/env bats
# The bundle: the same tree gives the same bytes, and what cannot be a bundle is refused with its reason.

setup() {
  load helpers/common
  TREE=$BATS_TEST_TMPDIR/tree
  make_tree "$TREE"
}

@test "a copy with other times, modes and file order gives the same bytes" {
  local first copy=$BATS_TEST_TMPDIR/copy
  first=$(sha_of --tree "$TREE")
  mkdir "$copy"
  # Created in the opposite order, so that the file system lists the files differently.
  (cd "$TREE" && find . -mindepth 1 -type d | sort) | while read -r folder; do mkdir -p "$copy/$folder"; done
  (cd "$TREE" && find . ! -type d | sort -r) | while read -r file; do cp -P "$TREE/$file" "$copy/$file"; done
  find "$copy" -type f -exec touch -d '2001-02-03' {} +
  chmod 600 "$copy/playbook.yml"
  chmod 711 "$copy/files/run"
  [ "$(sha_of --tree "$copy")" = "$first" ]
}

@test "umask, locale, time zone and working folder change nothing" {
  local first
  first=$(sha_of --tree "$TREE")
  umask 077
  cd "$TREE"
  [ "$(LC_ALL=C TZ=Asia/Tokyo sha_of --tree .)" = "$first" ]
}

@test "the bytes are the same on every machine" {
  # The digest is fixed here: a build that packs differently fails.
  local tree=$BATS_TEST_TMPDIR/fixed
  mkdir "$tree"
  printf -- '---\n' >"$tree/playbook.yml"
  run sha_of --tree "$tree"
  [ "$output" = 9cfebcd5a11109a98b2f16e7e4c01d62760f40ad99e08491ea072fc14e24df5a ]
}

@test "every Java that is installed makes the same bytes" {
  local first home tried=0
  first=$(sha_of --tree "$TREE")
  for home in /usr/lib/jvm/*/; do
    [ "$(jdk_major "$home" || echo 0)" -ge 17 ] && [ ! -L "${home%/}" ] || continue
    run "$home/bin/java" -cp "$(cli_classpath)" dev.gantry.cli.Gantry bundle --tree "$TREE" \
      --out "$BATS_TEST_TMPDIR/out"
    echo "$home: $output"
    [ "${lines[0]}" = "$first" ]
    tried=$((tried + 1))
  done
  [ "$tried" -gt 0 ] || skip 'no Java of 17 or newer in /usr/lib/jvm'
}

# What the scripts know of Java and of the built command, while the tree of the tests stays as it is.
jdk_major() { of_scripts jdk_major "$1"; }
cli_classpath() { of_scripts cli_classpath; }
of_scripts() {
  bash -c 'source "$0/common.sh" && source "$0/setup.sh" && source "$0/cli.sh" && "$@"' "$ROOT/scripts/lib" "$@"
}

@test "one changed byte, name or executable bit gives another bundle" {
  local first
  first=$(sha_of --tree "$TREE")
  echo >>"$TREE/files/run"
  [ "$(sha_of --tree "$TREE")" != "$first" ]
  first=$(sha_of --tree "$TREE")
  mv "$TREE/files/run" "$TREE/files/walk"
  [ "$(sha_of --tree "$TREE")" != "$first" ]
  first=$(sha_of --tree "$TREE")
  chmod a-x "$TREE/files/walk"
  [ "$(sha_of --tree "$TREE")" != "$first" ]
}

@test "files that git, Python, Ansible and editors leave behind are not in a bundle" {
  local first
  first=$(sha_of --tree "$TREE")
  mkdir -p "$TREE/.git" "$TREE/roles/__pycache__" "$TREE/.ansible"
  touch "$TREE/.git/config" "$TREE/roles/__pycache__/a.pyc" "$TREE/.ansible/lock" "$TREE/playbook.retry" \
    "$TREE/playbook.yml~" "$TREE/.playbook.yml.swp" "$TREE/#playbook.yml#" "$TREE/files/a.pyc"
  ln -s nobody@nowhere "$TREE/.#playbook.yml"
  [ "$(sha_of --tree "$TREE")" = "$first" ]
}

@test "a second implementation unpacks it, with the files' modes" {
  command -v unzip >/dev/null || skip "unzip is not installed"
  local sha
  sha=$(sha_of --tree "$TREE")
  (umask 022 && LC_ALL=C.UTF-8 unzip -q "$BATS_TEST_TMPDIR/out/$sha.zip" -d "$BATS_TEST_TMPDIR/unpacked")
  cd "$BATS_TEST_TMPDIR/unpacked"
  [ "$(cat files/grüße.txt files/link.txt)" = $'Grüße\nGrüße' ]
  [ "$(stat -c %a files/run playbook.yml | xargs)" = '755 644' ]
  [ "$(sha256sum <"$BATS_TEST_TMPDIR/out/$sha.zip")" = "$sha  -" ]
}

@test "the values of an environment become group_vars/all.yml" {
  printf -- '---\nhealth_port: 9\n' >"$BATS_TEST_TMPDIR/values.yml"
  local sha
  sha=$(sha_of --tree "$TREE" --env "$BATS_TEST_TMPDIR/values.yml")
  run python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("group_vars/all.yml").decode())' \
    "$BATS_TEST_TMPDIR/out/$sha.zip"
  [[ $output == *'health_port: 9'* ]]
}

# refuses_values WORDS TEXT: a bundle with these values is refused with these words.
refuses_values() {
  printf '%b' "$2" >"$BATS_TEST_TMPDIR/values.yml"
  refuses "$BATS_TEST_TMPDIR/values.yml: $1" "$ROOT/scripts/gantry" bundle --tree "$TREE" \
    --env "$BATS_TEST_TMPDIR/values.yml" --out "$BATS_TEST_TMPDIR/out"
  [ ! -e "$BATS_TEST_TMPDIR/out" ]
}

@test "values that no instance could read are refused, with the line" {
  refuses_values 'is no YAML: line 2: found character' 'a: 1\n\tb: 2\n'
  refuses_values 'is a text, and not names with values' 'No values yet.\n'
  refuses_values 'is a list, and not names with values' '- a\n- b\n'
  refuses_values 'is no YAML: line ' 'a: {b\n'
  refuses_values "is no YAML: line 2: the key 'a' is there twice" 'a: 1\na: 2\n'
}

@test "a name that nothing reads is refused on every level, with the name that is probably meant" {
  refuses_values 'terraform.breaker.failure is not used: is failures meant?' 'terraform: {breaker: {failure: 1}}'
  refuses_values 'terraform.warm_pool.sate is not used: is state meant?; terraform.zonez is not used' \
    'terraform: {warm_pool: {sate: Stopped}, zonez: 1}'
  refuses_values 'terraform.size must be names with values (max, min), and is a number' 'terraform: {size: 3}'
  mkdir -p "$TREE/roles/web/meta" "$TREE/roles/web/defaults"
  printf 'argument_specs: {main: {options: {web_port: {}, web_tls: {type: dict, options: {cert: {type: str}}}}}}\n' \
    >"$TREE/roles/web/meta/argument_specs.yml"
  printf 'web_user: me\n' >"$TREE/roles/web/defaults/main.yml"
  refuses_values 'web_prot is not used: is web_port meant?' 'web_prot: 1\nweb_user: you\n'
  refuses_values 'web_tls.crt is not used: is cert meant?' 'web_tls: {crt: x}'
}

@test "values that something reads, or that are the plays' own, are accepted" {
  # shellcheck disable=SC2016 # Ansible's own mark
  printf '%s\n' 'terraform: {region: x, size: {min: 1, max: 2}, document_parameters: {Any: x}, warm_pool: null}' \
    'own: {a: [1]}' 'secret: !vault |' '  $ANSIBLE_VAULT;1.1;AES256' '  6162' >"$BATS_TEST_TMPDIR/values.yml"
  run "$ROOT/scripts/gantry" bundle --tree "$TREE" --env "$BATS_TEST_TMPDIR/values.yml" --out "$BATS_TEST_TMPDIR/out"
  [ "$status" -eq 0 ]
  local environment
  for environment in dev prod sample; do
    run "$ROOT/scripts/gantry" bundle --env "$environment" --out "$BATS_TEST_TMPDIR/out"
    [ "$status" -eq 0 ]
  done
}

@test "values that would compete with the tree's own are refused" {
  mkdir "$TREE/group_vars"
  printf -- '---\n' >"$TREE/group_vars/all.yml"
  refuses 'compete' "$ROOT/scripts/gantry" bundle --tree "$TREE" --env sample --out "$BATS_TEST_TMPDIR/out"
}

@test "an environment without values is refused, and the message names the file" {
  refuses 'config/nowhere.yml: cannot be read' "$ROOT/scripts/gantry" bundle --tree "$TREE" --env nowhere
}

@test "a tree without a playbook, and a folder that is not there, are refused" {
  rm "$TREE/playbook.yml"
  refuses 'has no playbook.yml' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  refuses 'no such folder' "$ROOT/scripts/gantry" bundle --tree "$BATS_TEST_TMPDIR/nowhere"
}

@test "links out of the tree, to folders and to nothing are refused" {
  ln -s /etc/hostname "$TREE/out"
  refuses 'is a link out of the tree, to /etc/hostname' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  ln -sf ../tree-of-another/file "$TREE/out"
  refuses 'is a link out of the tree' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  ln -sfn files "$TREE/out"
  refuses 'is a link to a folder' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  ln -sfn nothing "$TREE/out"
  refuses 'cannot be read' "$ROOT/scripts/gantry" bundle --tree "$TREE"
}

@test "a pipe is refused" {
  mkfifo "$TREE/pipe"
  refuses 'is neither a file nor a folder' "$ROOT/scripts/gantry" bundle --tree "$TREE"
}

@test "names that are not UTF-8, or that unzip would change, are refused" {
  touch "$TREE"/$'bad\xff'
  refuses 'its name is not UTF-8' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  rm "$TREE"/$'bad\xff'
  touch "$TREE/back\\slash"
  refuses 'backslash' "$ROOT/scripts/gantry" bundle --tree "$TREE"
}

@test "a file or folder that cannot be read is refused" {
  [ "$EUID" -ne 0 ] || skip "root may read everything"
  chmod 0 "$TREE/files/run"
  refuses 'files/run: cannot be read: Permission denied' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  chmod 0 "$TREE/files"
  refuses 'files: cannot be read: Permission denied' "$ROOT/scripts/gantry" bundle --tree "$TREE"
  chmod 755 "$TREE/files"
}

@test "--json says what was made" {
  local sha
  sha=$(sha_of --tree "$TREE")
  run "$ROOT/scripts/gantry" bundle --tree "$TREE" --out "$BATS_TEST_TMPDIR/out" --json
  [ "$status" -eq 0 ]
  [[ $output == '{"form":"gantry.bundle/1","sha256":"'"$sha"'","path":'*"/out/$sha.zip"'","bytes":'*',"files":5}' ]]
}

@test "a reader that leaves after the first line breaks nothing: both lines are one write" {
  # One datagram is one write.
  run python3 -B - "$ROOT/scripts/gantry" bundle --tree "$TREE" --out "$BATS_TEST_TMPDIR/out" <<'EOF'
import socket, subprocess, sys
reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
subprocess.run(sys.argv[1:], stdout=writer, check=True)
print(reader.recv(4096).decode(), end="")
EOF
  [ "$status" -eq 0 ]
  [ "${lines[1]}" = "$BATS_TEST_TMPDIR/out/${lines[0]}.zip" ]
}
