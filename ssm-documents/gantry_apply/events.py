"""Reads what the callback has written: the story of one play, also of one that was killed."""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Story:
    """What is known about a play; an unknown version, task or message is empty."""

    ansible: str = ""
    plays: int = 0
    begun: int = 0
    task: str = ""
    done: int = 0
    failed_task: str = ""
    message: str = ""
    failed_play: int = 0
    hosts: int = -1
    totals: "dict[str, int]" = field(default_factory=dict)

    @property
    def failed_proving(self) -> bool:
        """A bundle's last play proves that the service works: a failure there means that it does not."""
        return self.plays > 1 and self.failed_play == self.plays


def read(path: Path) -> Story:
    story = Story()
    if path.is_file():
        with path.open(errors="replace") as lines:
            for line in lines:
                # The last line of a play that was killed is not JSON, and a play can also write here.
                with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                    _tell(story, json.loads(line))
    return story


def _tell(story: Story, event: dict) -> None:
    kind = event["event"]
    if kind == "start":
        story.plays, story.ansible = int(event["plays"]), str(event["ansible"])
    elif kind == "play":
        story.begun += 1
    elif kind == "task":
        story.task = str(event["name"])
    elif kind == "ok":
        story.done += 1
    elif kind == "failed":
        # The last one counts: after an earlier one the play went on, so it was rescued.
        story.failed_task, story.message = str(event["name"]), str(event["message"])
        story.failed_play = story.begun
    elif kind == "stats":
        story.hosts = int(event["hosts"])
        story.totals = {str(name): int(count) for name, count in dict(event["totals"]).items()}
