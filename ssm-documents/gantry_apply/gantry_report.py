"""An Ansible callback that writes events as JSON lines, so that Ansible's output does not have to be parsed.

It is put beside the playbook, into callback_plugins/, where Ansible loads it automatically: the bundle's own
ansible.cfg still applies. Ansible hides the results of tasks with no_log before callbacks see them.
"""

import json
import os

from ansible.plugins.callback import CallbackBase
from ansible.release import __version__

DOCUMENTATION = """
name: gantry_report
type: notification
short_description: writes tasks, failures and totals as JSON lines
description: One object a line, into the file that GANTRY_REPORT names.
"""
# What configures and proves nothing by itself.
NO_WORK = {
    prefix + name
    for prefix in ("", "ansible.builtin.", "ansible.legacy.")
    for name in ("setup", "gather_facts", "include_tasks", "include_role", "import_tasks", "import_role", "meta")
}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "gantry_report"

    def __init__(self):
        super().__init__()
        path = os.environ.get("GANTRY_REPORT")
        self.disabled = path is None
        self._file = open(path, "a", buffering=1) if path else None  # noqa: SIM115, PTH123

    def _write(self, event, **more):
        self._file.write(json.dumps({"event": event, **more}) + "\n")

    def v2_playbook_on_start(self, playbook):
        self._write("start", ansible=__version__, plays=len(playbook.get_plays()))

    def v2_playbook_on_play_start(self, play):
        self._write("play", name=play.get_name())

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._write("task", name=task.get_name())

    def v2_playbook_on_handler_task_start(self, task):
        self._write("task", name=task.get_name())

    def v2_runner_on_ok(self, result):
        if result._task.action not in NO_WORK:
            self._write("ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if ignore_errors:
            self._write("ok")
        else:
            self._write("failed", name=result._task.get_name(), message=_message(result._result))

    def v2_runner_on_unreachable(self, result):
        self._write("failed", name=result._task.get_name(), message=_message(result._result))

    def v2_playbook_on_stats(self, stats):
        totals = {"ok": 0, "changed": 0, "failures": 0, "unreachable": 0, "skipped": 0, "rescued": 0, "ignored": 0}
        for host in stats.processed:
            for name, count in stats.summarize(host).items():
                totals[name] = totals.get(name, 0) + count
        self._write("stats", hosts=len(stats.processed), totals=totals)


def _message(result):
    if "results" in result:
        broken = [item for item in result["results"] if isinstance(item, dict) and item.get("failed")]
        result = broken[0] if broken else result
    for module in list((result.get("failed_modules") or {}).values())[:1]:
        result = {**module, "msg": str(result.get("msg", "")) + " " + str(module.get("msg", ""))}
    parts = [str(result[name]) for name in ("msg", "censored", "reason") if result.get(name)][:1]
    if result.get("rc"):
        parts.append("rc " + str(result["rc"]))
    if result.get("assertion"):
        parts.append("assertion: " + str(result["assertion"]))
    for name in ("stderr", "module_stderr", "stdout"):
        lines = str(result.get(name) or "").strip().splitlines()
        if lines:
            if not any(lines[-1].strip() in part for part in parts):
                parts.append(lines[-1].strip())
            break
    return "; ".join(parts) or "the task failed without a message"
