"""Draws a recording as an SVG that plays by CSS alone: no script, no font of its own, readable on light and dark pages.

One cover slides down to reveal lines, one group slides up to scroll them, both on one clock: they repeat together.
Without animation (a viewer that has none, or a reader who wants none) it is a still of the last screen. That is what
the attributes say, so a viewer that knows no CSS shows it too; and the animation begins with it, for those who draw its
first moment only.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

ROWS = 34
LINE_HEIGHT = 19
CHARACTER = 7.8
PADDING = 18
BAR = 40
COLUMNS = 112
DARK, EDGE = "#161b22", "#3d444d"
PLAYED_SECONDS = 24
LAST_SCREEN_SECONDS = 10
FIRST_MOMENT_SECONDS = 0.7

WIDTH = round(COLUMNS * CHARACTER + 2 * PADDING)
VIEW = ROWS * LINE_HEIGHT
HEIGHT = BAR + VIEW + 2 * PADDING

STYLE = """
text { font: 13px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre; fill: #d7dde5; }
.t { fill: #7d8794; } .w { fill: #7fb3e6; } .g { fill: #7ccf8b; } .r { fill: #ff8f87; } .y { fill: #e8c468; }
.q { fill: #aab4c0; } .b { fill: #ffffff; font-weight: 600; } .c { font-size: 12px; fill: #97a1ad; }
"""
CLASSES = {"green": "g", "red": "r", "yellow": "y", "bold": "b"}
# "   7.1 s  i-0123456789abcdef0  what happened"
EVENT = re.compile(r"^( *[\d.]+ s)(  )(\S.{18})(.*)$")
EVENT_WORDS = 31
QUOTED = re.compile(r" *\| |i-[0-9a-f]{17} ")


@dataclass(frozen=True)
class Line:
    """A line of the screen, the second at which it appeared, and its colour."""

    at: float
    text: str
    colour: str


def draw(lines: "list[Line]", date: str, shown: str = "scripts/demo") -> str:
    lines = list(tidy(lines))
    took = lines[-1].at
    speed = max(1, took / PLAYED_SECONDS)
    kinds = ("real instances", "LOCAL instances", "SIMULATED instances")
    kind = next((kind for kind in kinds if any(kind in line.text for line in lines)), "instances")
    caption = f"{kind} · recorded {date} · {took:.0f} s" + (
        f", played {speed:.1f} times as fast" if speed > 1.05 else ""
    )
    end, covered = len(lines) * LINE_HEIGHT, (len(lines) + ROWS) * LINE_HEIGHT
    body = "\n".join(row(line, number) for number, line in enumerate(lines) if line.text)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"
  role="img" aria-label="A recording of {shown}: {escape(caption, quote=True)}">
<style>{STYLE}{motion(lines, speed)}</style>
<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10" fill="{DARK}" stroke="{EDGE}"/>
<circle cx="{PADDING + 5}" cy="20" r="5.5" fill="#ff6b62"/><circle cx="{PADDING + 23}" cy="20" r="5.5" fill="#f0b93a"/>
<circle cx="{PADDING + 41}" cy="20" r="5.5" fill="#4cc35a"/>
<text x="{PADDING + 62}" y="24.5" class="b">$ {shown}</text>
<text x="{WIDTH - PADDING}" y="24" class="c" text-anchor="end">{escape(caption)}</text>
<line x1="0" y1="{BAR}" x2="{WIDTH}" y2="{BAR}" stroke="{EDGE}"/>
<clipPath id="view"><rect x="0" y="{BAR + PADDING}" width="{WIDTH}" height="{VIEW + 4}"/></clipPath>
<g clip-path="url(#view)"><g transform="translate({PADDING} {BAR + PADDING})"><g class="scroll"
  transform="translate(0 {-scrolled(len(lines))})">
{body}
<rect class="cover" x="-{PADDING - 2}" y="{end}" width="{WIDTH - 4}" height="{covered}" fill="{DARK}"/>
</g></g></g>
</svg>
"""


def tidy(lines: "list[Line]") -> Iterator[Line]:
    """Without empty lines at the end. What Gantry says is wrapped; what it quotes, and the table, are cut."""
    while lines and not lines[-1].text:
        lines = lines[:-1]
    for line in lines:
        for text in fitted(line.text):
            yield Line(line.at, text.rstrip(), line.colour)


def fitted(text: str) -> "list[str]":
    if len(text) <= COLUMNS:
        return [text]
    if QUOTED.match(text):
        return [text[: COLUMNS - 1] + "…"]
    indent = EVENT_WORDS if EVENT.match(text) else len(text) - len(text.lstrip())
    return textwrap.wrap(text, COLUMNS, subsequent_indent=" " * indent, drop_whitespace=False, break_on_hyphens=False)


def row(line: Line, number: int) -> str:
    y = number * LINE_HEIGHT + 13
    length = f' textLength="{len(line.text) * CHARACTER:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="0" y="{y}"{length} xml:space="preserve">{spans(line)}</text>'


def spans(line: Line) -> str:
    colour = CLASSES.get(line.colour, "")
    event = EVENT.match(line.text)
    if event:
        return span("t", event[1] + event[2]) + span(colour or "w", event[3]) + span(colour, event[4])
    quoted = line.text.startswith(" " * 20)
    return span(colour or ("q" if quoted else ""), line.text)


def span(css: str, text: str) -> str:
    return f'<tspan class="{css}">{escape(text)}</tspan>' if css else escape(text)


def motion(lines: "list[Line]", speed: float) -> str:
    """Keyframes by steps: how far the cover is up, and how far the lines are up, each time that lines appear."""
    seconds = FIRST_MOMENT_SECONDS + lines[-1].at / speed + LAST_SCREEN_SECONDS
    total = len(lines)
    cover, scroll = [], []
    for number, line in enumerate(lines, 1):
        if number < total and lines[number].at == line.at:
            continue
        percent = 100 * (FIRST_MOMENT_SECONDS + line.at / speed) / seconds
        cover.append(f"{percent:.2f}%{{transform:translateY({(number - total) * LINE_HEIGHT}px)}}")
        scroll.append(f"{percent:.2f}%{{transform:translateY({-scrolled(number)}px)}}")
    top = f"translateY({-scrolled(total)}px)"
    return f"""
@keyframes cover {{ 0%,100%{{transform:translateY(0px)}} {" ".join(cover)} }}
@keyframes scroll {{ 0%,100%{{transform:{top}}} {" ".join(scroll)} }}
@media (prefers-reduced-motion: no-preference) {{
.cover {{ animation: cover {seconds:.1f}s step-end infinite; }}
.scroll {{ animation: scroll {seconds:.1f}s step-end infinite; }}
}}
"""


def scrolled(shown: int) -> int:
    return max(0, shown - ROWS) * LINE_HEIGHT
