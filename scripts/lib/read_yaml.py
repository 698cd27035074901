"""Reads YAML from standard input and prints it as JSON. Exit codes: 1 it is none, with one line that says why, 3 this
Python has no yaml.

Run on its own, in whichever Python has yaml. Tags of Ansible's (!vault, !unsafe) become texts. A key that is there
twice is an error: the first value would be ignored silently.
"""

import json
import sys

try:
    import yaml
except ImportError:
    sys.exit(3)


class Loader(yaml.SafeLoader):
    """What Ansible reads."""


def mapping(loader, node):
    loader.flatten_mapping(node)
    seen = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, (str, int, float, bool)):
            raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is there twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
for tag in ("!vault", "!vault-encrypted", "!unsafe"):
    Loader.add_constructor(tag, lambda loader, node: loader.construct_scalar(node))

try:
    print(json.dumps(yaml.load(sys.stdin.buffer.read(), Loader), default=str))  # noqa: S506 # a SafeLoader
except yaml.MarkedYAMLError as error:
    mark = error.problem_mark or error.context_mark
    where = f"line {mark.line + 1}: " if mark else ""
    sys.exit(f"{where}{error.problem or error.context}")
except (yaml.YAMLError, RecursionError, ValueError) as error:
    sys.exit(" ".join(str(error).split()) or type(error).__name__)
