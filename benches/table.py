"""The tables: medians, ratios, and for each goal whether it is met, or by how much it is missed."""

from __future__ import annotations

from goals import BARE, GOALS, Goal
from groups import EXCHANGES, SIZE

Results = dict[str, dict[str, float]]

# Less than the bare interpreter takes, or nothing at all.
NOISE = "lost in the noise: measure more rounds on a quieter machine"


def render(results: Results) -> str:
    parts = [goal_table(results)] if SIZE in results else []
    return "\n".join([*parts, *(group_table(title, figures) for title, figures in results.items())])


def group_table(title: str, figures: dict[str, float]) -> str:
    """The unit is what follows the last comma of the title. Where there is a bare interpreter, it is taken off."""
    what, _, unit = title.rpartition(", ")
    if BARE not in figures:
        lines = [what, "", f"| | {unit} |", "| --- | ---: |"]
        lines += [f"| {name} | {shown(figure)} |" for name, figure in figures.items()]
        return "\n".join(lines) + "\n"
    ours = min((net(figures, name) for name in figures if name.startswith("yc-iam")), default=None)
    last = "" if ours is None else " × ours, net |"
    lines = [what, "", f"| | {unit} | net, {unit} |{last}", "| --- | ---: | ---: |" + (" ---: |" if last else "")]
    for name, figure in figures.items():
        cells = [name, shown(figure), "" if name == BARE else shown(net(figures, name))]
        if ours is not None:
            cells.append("" if name == BARE or ours <= 0 else shown(net(figures, name) / ours))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def goal_table(results: Results) -> str:
    lines = ["goals", "", "| what | goal | measured | |", "| --- | ---: | ---: | --- |"]
    for goal in GOALS:
        wanted, measured, verdict = judged(goal, results)
        lines.append(f"| {described(goal)} | {wanted} | {measured} | {verdict} |")
    return "\n".join(lines) + "\n"


def described(goal: Goal) -> str:
    return f"{goal.what}, net" if goal.net else goal.what


def judged(goal: Goal, results: Results) -> tuple[str, str, str]:
    """The goal, what was measured, and the verdict."""
    figures = results[goal.group]

    def of(name: str) -> float:
        return net(figures, name) if goal.net else figures[name]

    if not goal.against:
        unit = "" if goal.ours == EXCHANGES else goal.group.rpartition(", ")[2].partition(" ")[0]
        wanted, measured = f"≤ {goal.limit:g} {unit}", f"{shown(of(goal.ours))} {unit}"
        said = verdict(of(goal.ours), goal.limit)
        if goal.floor and goal.floor in figures and of(goal.ours) > goal.limit:
            said += f"; {goal.floor}: {shown(of(goal.floor))} {unit}"
        return wanted.strip(), measured.strip(), said
    best, name = min((of(name), name) for name in goal.against)
    if best <= 0:
        return f"≤ {fraction(goal.limit)}", "", NOISE
    ratio = of(goal.ours) / best
    said = verdict(ratio, goal.limit)
    if goal.against == ("exchange",) and ratio > goal.limit:
        # The rest of the time is spent on waking the callers, whatever the exchange takes.
        said += f"; met where the exchange takes {shown((of(goal.ours) - best) / (goal.limit - 1))} ms"
    if goal.floor and goal.floor in figures and ratio > goal.limit:
        said += f"; {goal.floor}: {fraction(of(goal.floor) / best)}"
    return f"≤ {fraction(goal.limit)}", fraction(ratio) + (f" of {name}" if len(goal.against) > 1 else ""), said


def fraction(ratio: float) -> str:
    return f"1/{1 / ratio:.3g}" if 0 < ratio < 0.5 else f"{ratio:.3g} ×"


def verdict(figure: float, limit: float) -> str:
    if figure < 0:
        return NOISE
    return "met" if figure <= limit else f"missed by {figure / limit:.2f} ×"


def shown(figure: float) -> str:
    return f"{figure:.0f}" if figure >= 100 else f"{figure:.3g}"


def net(figures: dict[str, float], name: str) -> float:
    return figures[name] - figures[BARE]
