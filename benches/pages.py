"""docs/speed.md, and the table in the README."""

from __future__ import annotations

import pathlib

import goals
import table
from groups import CACHED, KINDS_OF_MEMORY, NODE, PYTHON, SIZE, WASM_SIGNER
from table import Results, net, shown

BEGIN, END = "<!-- speed: written by `cargo xtask bench` -->\n", "<!-- speed ends -->\n"

Run = dict[str, str]


def caption(run: Run) -> str:
    return f"{run['date']} · {run['cores']} cores · {run['Python']} · Node {run['Node']} · RSA-2048 · medians; shorter is better"


def speed(results: Results, run: Run) -> str:
    """The whole page."""
    sections = [
        ("Goals", "", table.goal_table(results).partition("\n\n")[2]),
        (
            "A fresh process",
            "From the start of the process to its end. Net: less a process of the bare interpreter. `a signature, no more` and `a request, no more` are no "
            "rivals: one signature, one request with what the platform brings, as every other has to.",
            joined(results, PYTHON.first_jwt, NODE.first_jwt, PYTHON.first_token, NODE.first_token),
        ),
        (
            "One JWT",
            "The key is parsed before. `aws-lc` is a signature by aws-lc-rs without anything around it.",
            joined(results, PYTHON.one_jwt, NODE.one_jwt, WASM_SIGNER),
        ),
        (
            "A token that is there",
            "`no more`: what looking at the clock takes, by a method as everything in Python, and an `await` of a promise that is already fulfilled.",
            joined(results, CACHED),
        ),
        (
            "10,000 callers, and no token that is still good",
            "The token is invalidated, and the exchange is sent when all of them wait: from then on, `exchange` is how long it takes, in their process, and "
            "`p50` and `p99` until that many have the token. The service counts the exchanges. `waking them, no more`: as many threads or tasks that wait "
            "for nothing but a lock or a future of their own.",
            joined(results, *(language.crowd(kind) for language in (PYTHON, NODE) for kind in language.callers)),
        ),
        (
            "Memory after the first token",
            "Of `/proc/self/smaps_rollup` at the end of the programs above. Rss: all that is resident, which the goals are about. Pss: the same, with shared "
            "pages divided among those who share them. Private_Dirty: what this process alone has written.",
            joined(results, *(language.memory(kind) for language in (PYTHON, NODE) for kind in KINDS_OF_MEMORY)),
        ),
        (
            "Growth",
            "Credentials of a service account, each with a session, its key parsed anew, and its first token; the answer comes without a network.",
            joined(
                results,
                *(group for language in (PYTHON, NODE) for group in (language.growth_time, language.growth_memory)),
            ),
        ),
        ("Size", "In units of 1000 bytes.", joined(results, SIZE)),
    ]
    text = "\n".join(f"## {title}\n\n{about + chr(10) * 2 if about else ''}{body}" for title, about, body in sections)
    return f"# Speed\n\n{head(run)}\n\n![Bars of the tables below](speed.svg)\n\n{text}"


def head(run: Run) -> str:
    return (
        f"What `cargo xtask bench --rounds {run['rounds']}` wrote on {run['date']}: medians of one run on {run['cores']} cores, {run['system']}, with "
        f"{run['Python']} and Node {run['Node']}; RSA-2048. Absolute figures do not travel from one machine to another; ratios do, mostly.\n"
        f"[How each is measured](../benches/README.md).\n\nBeside it: {run['rivals']}."
    )


def joined(results: Results, *groups: str) -> str:
    parts = []
    for group in groups:
        title, _, body = table.group_table(group, results[group]).partition("\n\n")
        parts.append(body if len(groups) == 1 else f"**{title}**\n\n{body}")
    return "\n".join(parts)


def in_short(results: Results, run: Run) -> str:
    """The README's table."""

    def row(what: str, group: str, ours: str, rivals: tuple[str, ...], is_net: bool = False) -> str:
        figures, unit = results[group], group.rpartition(", ")[2].partition(" ")[0]

        def of(name: str) -> str:
            return shown(net(figures, name) if is_net else figures[name])

        return f"| {what} | {of(ours)} {unit} | {' · '.join(f'{name}: {of(name)} {unit}' for name in rivals)} |"

    rows = [
        row(
            "Python, fresh process → first JWT, less the bare interpreter", PYTHON.first_jwt, "yc-iam", ("PyJWT",), True
        ),
        row("… → first token over TLS on loopback", PYTHON.first_token, "yc-iam", goals.PYTHON_RIVALS),
        row("Python, one JWT, key parsed", PYTHON.one_jwt, "yc-iam", ("PyJWT", "aws-lc")),
        row(
            "Node, fresh process → first JWT, less bare Node, signed by the platform",
            NODE.first_jwt,
            "yc-iam, platform",
            ("fast-jwt", "jose"),
            True,
        ),
        row("… signed by the WebAssembly core", NODE.first_jwt, "yc-iam, core", (), True),
        row("… → first token over TLS on loopback", NODE.first_token, "yc-iam, platform", goals.NODE_RIVALS),
        row(
            "Node, one JWT, key parsed, signed by the platform", NODE.one_jwt, "yc-iam, platform", ("fast-jwt", "jose")
        ),
        row("… signed by the WebAssembly core", NODE.one_jwt, "yc-iam, core", ()),
        row("one signature in WebAssembly", WASM_SIGNER, "yc-iam", ("rsa 0.10", "rsa 0.9")),
        row("a token that is there, Python", CACHED, "Python: token()", ()),
        row("… JavaScript, awaited", CACHED, "JavaScript: await getToken()", ()),
    ]
    sizes = results[SIZE]
    rows += [
        f"| {name} | {shown(sizes[name])} kB | |"
        for name in ("wasm, gzipped", "the signer's wasm, gzipped", "npm, unpacked, without the testing kit", "wheel")
    ]
    return (
        f"Medians of one run of `cargo xtask bench` on {run['date']}; RSA-2048, {run['Python']}, Node {run['Node']}, {run['cores']} cores. Run it on yours: absolute "
        "times do not travel.\n[All of it, with the goals](docs/speed.md).\n\n"
        "![yc-iam beside other packages](docs/speed.svg)\n\n| | yc-iam | |\n| --- | ---: | --- |\n"
        + "\n".join(rows)
        + "\n"
    )


def write_into(readme: pathlib.Path, block: str) -> None:
    text = readme.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"{readme.name} has no place for the table: the lines {BEGIN.strip()!r} and {END.strip()!r}")
    readme.write_text(before + begin + block + end + after)
