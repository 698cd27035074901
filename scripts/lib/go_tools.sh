# shellcheck shell=bash
# Tools that come as Go modules, built into .gantry/bin; Go checks them against its checksum database. Sourced after
# common.sh.

GO_BIN=$STATE/bin

# go_tool NAME MODULE VERSION: builds it unless this version is there, and prints its path; 77 if neither the tool nor
# Go is there.
go_tool() {
  local name=$1 module=$2 version=$3 path=$GO_BIN/$1-$3
  if [[ ! -x $path ]]; then
    has go || return 77
    make_state bin log
    if ! GOBIN=$GO_BIN/.new go install -trimpath "$module@$version" >"$STATE/log/go-$name.log" 2>&1; then
      tail -n 5 "$STATE/log/go-$name.log"
      return 1
    fi
    mv "$GO_BIN/.new/$name" "$path"
  fi
  echo "$path"
}
