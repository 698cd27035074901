"""Reads what the callback has written: the story of one play, also of one that was killed."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Story:
    """What is known of a play; a task or message that is not known is empty."""

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
        """A bundle's last play proves that the service serves: failing there means that it does not."""
        return self.plays > 1 and self.failed_play == self.plays


def read(path: Path) -> Story:
    story = Story()
    if path.is_file():
        for line in path.read_text(errors="replace").splitlines():
            try:
                _tell(story, json.loads(line))
            except ValueError:
                # The last line of a play that was killed.
                continue
    return story


def _tell(story: Story, event: dict) -> None:
    kind = event["event"]
    if kind == "start":
        story.plays = event["plays"]
    elif kind == "play":
        story.begun += 1
    elif kind == "task":
        story.task = event["name"]
    elif kind == "ok":
        story.done += 1
    elif kind == "failed":
        # The last one counts: after an earlier one the play went on, so it was rescued.
        story.failed_task, story.message, story.failed_play = event["name"], event["message"], story.begun
    elif kind == "stats":
        story.hosts, story.totals = event["hosts"], event["totals"]
