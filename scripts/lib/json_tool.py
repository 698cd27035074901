"""JSON for scripts: json_tool.py get KEY… < JSON, or object NAME=TEXT… NAME:=JSON…, or list TEXT…

get prints the value below these keys; lists and objects stay JSON. The others print one object, or one list.
Exit codes: 0 printed, 1 there is no such value, or (with a message) no JSON, 2 wrong arguments.
"""

import json
import sys


def get(keys: "list[str]") -> str:
    value = json.load(sys.stdin)
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value if isinstance(value, str) else json.dumps(value)


def made(pairs: "list[str]") -> str:
    fields = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        fields[name.removesuffix(":")] = json.loads(value) if name.endswith(":") else value
    return json.dumps(fields)


def main(arguments: "list[str]") -> int:
    tools = {"get": get, "object": made, "list": json.dumps}
    if not arguments or arguments[0] not in tools:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(tools[arguments[0]](arguments[1:]))
    except (KeyError, IndexError, TypeError):
        return 1
    except ValueError as error:
        print(f"json: this is no JSON: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
