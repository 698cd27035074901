"""JSON for scripts. The JSON is on standard input:

json_tool.py get KEY…            prints the value below these keys
json_tool.py fields KEY…         prints each field of the object below these keys as NAME=VALUE
json_tool.py find NAME TEXT      prints the first object of a list whose field NAME is TEXT

or it is made from the arguments:

json_tool.py object NAME=TEXT… NAME:=JSON…
json_tool.py list TEXT…

A text is printed without quotes; lists and objects stay JSON.
Exit codes: 0 printed, 1 there is no such value, or (with a message) no JSON, 2 wrong arguments.
"""

import json
import sys


def below(keys: "list[str]") -> object:
    value = json.load(sys.stdin)
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def get(keys: "list[str]") -> str:
    return shown(below(keys))


def fields(keys: "list[str]") -> str:
    found = below(keys)
    if not isinstance(found, dict):
        raise TypeError
    return "\n".join(f"{name}={shown(value)}" for name, value in found.items())


def find(arguments: "list[str]") -> str:
    name, text = arguments
    return json.dumps([one for one in below([]) if shown(one[name]) == text][0])


def made(pairs: "list[str]") -> str:
    fields = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        fields[name.removesuffix(":")] = json.loads(value) if name.endswith(":") else value
    return json.dumps(fields)


TOOLS = {"get": get, "fields": fields, "find": find, "object": made, "list": json.dumps}


def main(arguments: "list[str]") -> int:
    if not arguments or arguments[0] not in TOOLS or (arguments[0] == "find" and len(arguments) != 3):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(TOOLS[arguments[0]](arguments[1:]))
    except (KeyError, IndexError, TypeError):
        return 1
    except ValueError as error:
        print(f"json: this is no JSON: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
