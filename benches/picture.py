"""docs/speed.svg: ours beside its rivals, bars from one run."""

from __future__ import annotations

from dataclasses import dataclass

from goals import BARE
from groups import NODE, PYTHON, WASM_SIGNER
from table import Results, net, shown

WIDTH, MARGIN, GUTTER = 760, 16, 24
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
LABEL, VALUE = 148, 56
BAR, STEP, HEADING, GAP = 12, 19, 40, 14

STYLE = """
    .page { fill: #ffffff }
    text { fill: #1f2328 }
    .title { font-size: 13px; font-weight: 600 }
    .small { font-size: 11px; fill: #57606a }
    .name { font-size: 12px }
    .ours { fill: #0969da }
    .rival { fill: #8c959f }
    .floor { fill: #d8dee4 }
    .own { font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 }
      text { fill: #e6edf3 }
      .small { fill: #9da7b1 }
      .ours { fill: #4493f8 }
      .rival { fill: #6e7681 }
      .floor { fill: #30363d }
    }"""


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    group: str
    is_net: bool = False
    # Those of our contenders that are another matter.
    without: tuple[str, ...] = ()


ROWS = [
    (
        Panel("Python: fresh process → first JWT", "ms, less the bare interpreter", PYTHON.first_jwt, True),
        Panel("Node: fresh process → first JWT", "ms, less the bare interpreter", NODE.first_jwt, True),
    ),
    (
        Panel("Python: fresh process → first token over TLS", "ms", PYTHON.first_token),
        Panel("Node: fresh process → first token over TLS", "ms", NODE.first_token),
    ),
    (
        Panel("Python: memory after the first token", "MB, less the bare interpreter", PYTHON.memory("Rss"), True),
        Panel("Node: memory after the first token", "MB, less the bare interpreter", NODE.memory("Rss"), True),
    ),
    (
        Panel("Python: one JWT, key parsed", "ms", PYTHON.one_jwt),
        Panel("Node: one JWT, key parsed", "ms", NODE.one_jwt, without=("yc-iam, core",)),
    ),
    (Panel("WebAssembly: one signature", "ms", WASM_SIGNER),),
]


def draw(results: Results, caption: str) -> str:
    y: float = MARGIN
    parts: list[str] = []
    for row in ROWS:
        drawn = [panel_at(panel, results, MARGIN + i * (COLUMN + GUTTER), y) for i, panel in enumerate(row)]
        parts += [part for part, _ in drawn]
        y += max(height for _, height in drawn) + GAP
    parts.append(f'  <text class="small" x="{MARGIN}" y="{y + 6:g}">{escaped(caption)}</text>')
    height = y + MARGIN + 4
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-labelledby="title description" '
        'font-family="system-ui, sans-serif">\n'
        '  <title id="title">yc-iam beside other packages</title>\n'
        '  <desc id="description">Bars of the figures in the tables of speed.md; shorter is better.</desc>\n'
        f"  <style>{STYLE}\n  </style>\n"
        f'  <rect class="page" width="{WIDTH}" height="{height:g}" rx="8"/>\n'
    )
    return head + "\n".join(parts) + "\n</svg>\n"


def panel_at(panel: Panel, results: Results, x: float, y: float) -> tuple[str, float]:
    figures = results[panel.group]
    names = [name for name in figures if name not in panel.without and not (panel.is_net and name == BARE)]
    values = {name: net(figures, name) if panel.is_net else figures[name] for name in names}
    longest = max(values.values()) or 1
    lines = [
        f'  <text class="title" x="{x:g}" y="{y + 12:g}">{escaped(panel.title)}</text>',
        f'  <text class="small" x="{x:g}" y="{y + 27:g}">{escaped(panel.unit)}</text>',
    ]
    for number, (name, value) in enumerate(values.items()):
        top = y + HEADING + number * STEP
        is_own = name.startswith("yc-iam")
        kind = "ours" if is_own else "floor" if name == BARE or name.endswith(", no more") else "rival"
        own = " own" if is_own else ""
        length = max(1.5, value / longest * (COLUMN - LABEL - VALUE))
        lines += [
            f'  <text class="name{own}" x="{x:g}" y="{top + 10:g}">{escaped(name)}</text>',
            f'  <rect class="{kind}" x="{x + LABEL:g}" y="{top:g}" width="{length:.1f}" height="{BAR}" rx="2"/>',
            f'  <text class="name{own}" x="{x + LABEL + length + 6:.1f}" y="{top + 10:g}">{shown(value)}</text>',
        ]
    return "\n".join(lines), HEADING + len(names) * STEP


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
