"""The table: medians, ratios, and for each goal whether it is met, or by how much it is missed."""

from __future__ import annotations

Results = dict[str, dict[str, float]]

# (what, the group in the results, our figure, the figure to beat (None: absolute), the goal, net of the bare interpreter)
GOALS = [
    ("Python, first JWT, net, against PyJWT", "python cold", "yc-iam", "PyJWT", 1 / 40, True),
    ("Node, first JWT, net, platform's signer, against jose", "node cold", "yc-iam, platform", "jose", 1 / 8, True),
    ("Node, first JWT, net, platform's signer, against fast-jwt", "node cold", "yc-iam, platform", "fast-jwt", 1 / 3, True),
    ("Node, first JWT, net, core's signer, ms", "node cold", "yc-iam, core", None, 15, True),
    ("Python, one JWT, against PyJWT with a parsed key", "python signature", "yc_iam", "pyjwt", 0.95, False),
    ("Node, one JWT, platform's signer, against fast-jwt", "node signature", "platform", "fast_jwt", 1.05, False),
    ("Node, one JWT, core's signer, ms", "node signature", "core", None, 4.5, False),
    ("wasm signer, against the same with default limbs", "wasm signer", "as published", "default limbs", 4.5 / 7, False),
    ("main wasm, gzipped, kB", "size", "wasm_gzipped", None, 140, False),
    ("npm package, unpacked, without the testing kit, kB", "size", "npm_unpacked", None, 520, False),
    ("wheel, kB", "size", "wheel", None, 1500, False),
]

BARE = "bare"


def render(results: Results) -> str:
    parts = []
    if "size" in results:
        for group in ("python cold", "node cold"):
            parts.append(cold_table(group, results[group]))
        for group in ("python signature", "node signature", "wasm signer"):
            parts.append(plain_table(group, results[group], "ms"))
        parts.append(plain_table("size", results["size"], "kB"))
    if "serverless packed" in results:
        parts.append(plain_table("serverless: example and dependencies, zipped", results["serverless packed"], "kB"))
        for group in ("serverless python cold", "serverless node cold"):
            parts.append(first_answer_table(group, results[group]))
    if "size" in results:
        parts.append(goal_table(results))
    return "\n".join(parts)


def first_answer_table(title: str, medians: dict[str, float]) -> str:
    lines = [f"{title}: fresh process → first answer", "", "| | wall, ms | net, ms |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {wall:.1f} | {net(medians, name):.1f} |" for name, wall in medians.items()]
    return "\n".join(lines) + "\n"


def cold_table(title: str, medians: dict[str, float]) -> str:
    ours = min((net(medians, name) for name in medians if name.startswith("yc-iam")))
    lines = [f"{title}: fresh process → first JWT", "", "| | wall, ms | net, ms | × ours |", "| --- | ---: | ---: | ---: |"]
    for name, wall in medians.items():
        ratio = "" if name == BARE else f"{net(medians, name) / ours:.1f}"
        lines.append(f"| {name} | {wall:.1f} | {net(medians, name):.1f} | {ratio} |")
    return "\n".join(lines) + "\n"


def plain_table(title: str, figures: dict[str, float], unit: str) -> str:
    lines = [title, "", f"| | {unit} |", "| --- | ---: |"]
    lines += [f"| {name} | {figure:.3f} |" if unit == "ms" else f"| {name} | {figure:.0f} |" for name, figure in figures.items()]
    return "\n".join(lines) + "\n"


def goal_table(results: Results) -> str:
    lines = ["goals", "", "| what | goal | measured | |", "| --- | ---: | ---: | --- |"]
    for what, group, ours, rival, goal, is_net in GOALS:
        figure = net(results[group], ours) if is_net else results[group][ours]
        if rival is None:
            lines.append(f"| {what} | ≤ {goal:g} | {figure:.4g} | {verdict(figure, goal)} |")
            continue
        ratio = figure / (net(results[group], rival) if is_net else results[group][rival])
        shown = f"1/{1 / goal:.0f}" if goal < 0.5 else f"{goal:g} ×"
        measured = f"1/{1 / ratio:.1f}" if 0 < ratio < 0.5 else f"{ratio:.3f} ×"
        lines.append(f"| {what} | ≤ {shown} | {measured} | {verdict(ratio, goal)} |")
    return "\n".join(lines) + "\n"


def verdict(figure: float, goal: float) -> str:
    return "met" if figure <= goal else f"missed by {(figure / goal - 1) * 100:.0f} %"


def net(medians: dict[str, float], name: str) -> float:
    return medians[name] - medians[BARE]
