# shellcheck shell=bash
# Reads a command line as the script's own usage describes it, so that help and parser cannot disagree. Sourced by
# common.sh.
#
# The synopsis, which is usage up to its first empty line, has every option and argument:
#   [--json]        an option without a value          ENVIRONMENT  an argument
#   [--port PORT]   an option with a value             [MODULE…]    any number of arguments
#   [--cpus 1|2]    an option with one of these values
# An option may be repeated; where that has no meaning, the last one counts.

# What was given: OPTION[--port] is the last value of --port, "yes" for an option without a value.
declare -gA OPTION=()
ARGUMENTS=()
# All options and their values, in turns.
GIVEN=()
# What the synopsis has: TAKES[--port] is PORT, empty for an option without a value.
declare -gA TAKES=()
MAX_ARGUMENTS=0

# read_options WORD…: sets OPTION and ARGUMENTS, or ends the script with 2. --help and -h print usage and end it with 0.
read_options() {
  local name value
  read_synopsis
  while (($#)); do
    name=${1%%=*}
    case $1 in
      --help | -h) usage && exit 0 ;;
      -?*)
        [[ -n ${TAKES[$name]+known} ]] || usage_error "unknown option: $1"
        if [[ -z ${TAKES[$name]} ]]; then
          [[ $1 == "$name" ]] || usage_error "$name takes no value"
          value=yes
        elif [[ $1 == *=* ]]; then
          value=${1#*=}
        elif (($# < 2)) || [[ $2 == --* ]]; then
          usage_error "$name needs a value: ${TAKES[$name]}"
        else
          value=$2 && shift
        fi
        check_choice "$name" "$value"
        OPTION[$name]=$value GIVEN+=("$name" "$value")
        ;;
      *)
        ((${#ARGUMENTS[@]} < MAX_ARGUMENTS)) || usage_error "unexpected argument: $1"
        ARGUMENTS+=("$1")
        ;;
    esac
    shift
  done
}

# read_synopsis: sets TAKES and MAX_ARGUMENTS.
read_synopsis() {
  local line word option='' arguments=0
  while read -r line && [[ -n $line ]]; do
    line=${line//[[(]/ [ } line=${line//[])]/ ] }
    for word in $line; do
      case $word in
        --*) option=$word TAKES[$word]='' && continue ;;
        scripts/*) arguments=0 ;;
        Usage: | '[' | ']' | '|' | …) ;;
        *)
          if [[ -n $option ]]; then
            TAKES[$option]=${word%…}
          else
            [[ $word == *… ]] && arguments=9999 || arguments=$((arguments + 1))
            ((arguments <= MAX_ARGUMENTS)) || MAX_ARGUMENTS=$arguments
          fi
          ;;
      esac
      option=''
    done
  done < <(usage)
}

# check_choice OPTION VALUE: where the synopsis has the possible values, it is one of them.
check_choice() {
  [[ ${TAKES[$1]} != *'|'* || "|${TAKES[$1]}|" == *"|$2|"* ]] || usage_error "$1 $2: not one of ${TAKES[$1]//|/, }"
}

# given OPTION
given() { [[ -n ${OPTION[$1]+given} ]]; }

# values_of OPTION: each value that was given for it, on a line.
values_of() {
  local i
  for ((i = 0; i < ${#GIVEN[@]}; i += 2)); do
    [[ ${GIVEN[i]} != "$1" ]] || printf '%s\n' "${GIVEN[i + 1]}"
  done
}

# pass_on ARRAY OPTION…: adds these options, as they were given, to the array of that name.
pass_on() {
  local -n array=$1
  local i
  for ((i = 0; i < ${#GIVEN[@]}; i += 2)); do
    [[ " ${*:2} " == *" ${GIVEN[i]} "* ]] || continue
    array+=("${GIVEN[i]}")
    [[ -z ${TAKES[${GIVEN[i]}]} ]] || array+=("${GIVEN[i + 1]}")
  done
}

# check_number OPTION LOWEST HIGHEST: every value that was given for it is a number between these.
check_number() {
  local value
  while read -r value; do
    if ! [[ $value =~ ^(0|[1-9][0-9]{0,17})$ ]] || ((value < $2 || value > $3)); then
      usage_error "$1 $value: not a number from $2 to $3"
    fi
  done < <(values_of "$1")
}

# check_value OPTION PATTERN NAME: its value, if there is one, matches the whole pattern.
check_value() {
  ! given "$1" || [[ ${OPTION[$1]} =~ ^($2)$ ]] || usage_error "$1 ${OPTION[$1]}: not $3"
}

# check_file OPTION, check_folder OPTION: its value, if there is one, names a file that can be read, or a folder.
check_file() {
  ! given "$1" || [[ -f ${OPTION[$1]} && -r ${OPTION[$1]} ]] || usage_error "$1 ${OPTION[$1]}: no such file"
}
check_folder() {
  ! given "$1" || [[ -d ${OPTION[$1]} ]] || usage_error "$1 ${OPTION[$1]}: no such folder"
}
