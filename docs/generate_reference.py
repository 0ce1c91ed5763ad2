"""Writes docs/reference/python.md from the installed package: signatures from its source and stub, texts from its docstrings.

python docs/generate_reference.py
"""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import yc_iam
from yc_iam import _core

PAGE = Path(__file__).with_name("reference") / "python.md"

HEAD = """\
<!-- Written by docs/generate_reference.py: do not edit. -->

# The Python package

Every public name, with its docstring. Times are seconds since the epoch, durations are seconds; errors are in [errors](../errors.md). The names
in annotations that are not classes here, such as `Seconds` and `Transport`, are under [`yc_iam.types`](#yc_iamtypes).
"""

PACKAGE = Path(yc_iam.__file__).parent

# Those of `yc_iam._services` have no public name: they are what `lockbox`, `federations` and so on give.
SERVICES = ("Lockbox", "FederatedCredentials", "Federations", "Operations")

# `SignerT` is a `Signer` for `Credentials` and an `AsyncSigner` for `AsyncCredentials`.
PARAMETER, PLAIN = re.compile(r"\b(Signer|Supplier|Transport)T\b"), r"\1"


class Module:
    """What a file of the package defines."""

    def __init__(self, name: str) -> None:
        path = PACKAGE.parent.joinpath(*name.split("."))
        candidates = (path.with_suffix(".py"), path.with_suffix(".pyi"), path / "__init__.py")
        tree = ast.parse(next(file for file in candidates if file.is_file()).read_text("utf-8"))
        self.name = name
        self.doc = ast.get_docstring(tree) or ""
        self.exported: list[str] = []
        self.definitions: dict[str, ast.AST] = {}
        self.elsewhere: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._read(tree.body)

    def _read(self, body: list[ast.stmt]) -> None:
        for index, node in enumerate(body):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                self.definitions[node.name] = node
            elif isinstance(node, ast.ImportFrom):
                self.elsewhere.update({name.asname or name.name: node.module or "" for name in node.names})
            elif isinstance(node, (ast.If, ast.Try)):
                self._read(node.body)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name == "__all__":
                    self.exported = ast.literal_eval(node.value)
                self.definitions[name] = node
                self.texts[name] = text_after(body, index)


modules: dict[str, Module] = {}
told: dict[ast.AST, str] = {}
# What stands for the type parameters of the class that is being told about.
parameters: dict[str, str] = {}


def module(name: str) -> Module:
    if name not in modules:
        modules[name] = Module(name)
    return modules[name]


def found(where: Module, name: str) -> tuple[Module, ast.AST]:
    """The file that defines a name, and the definition."""
    if name in where.definitions:
        return where, where.definitions[name]
    return found(module(where.elsewhere[name]), name)


def text_after(body: list[ast.stmt], index: int) -> str:
    """The string that follows an assignment and says what it is."""
    after = body[index + 1] if index + 1 < len(body) else None
    is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
    return inspect.cleandoc(after.value.value) if is_text else ""


def doc(where: Module, path: str, node: ast.AST) -> str:
    """A docstring; the compiled module has its own."""
    if where.name != "yc_iam._core":
        return ast.get_docstring(node) or ""
    thing = _core
    for name in path.split("."):
        thing = getattr(thing, name)
    return inspect.cleandoc(thing.__doc__ or "")


def signature(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, owner: str = "") -> str:
    """How it is called; one argument in a line where there are many. A method's `owner` is what it is called on."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    shown = [argument(*pair) for pair in zip(positional, defaults)]
    if arguments.posonlyargs:
        shown.insert(len(arguments.posonlyargs), "/")
    if positional and positional[0].arg in ("self", "cls"):
        shown.pop(0)
        if shown[:1] == ["/"]:
            shown.pop(0)
    if arguments.vararg:
        shown.append(f"*{argument(arguments.vararg, None)}")
    elif arguments.kwonlyargs:
        shown.append("*")
    shown += [argument(*pair) for pair in zip(arguments.kwonlyargs, arguments.kw_defaults)]
    start = f"async {owner}{name}(" if isinstance(function, ast.AsyncFunctionDef) else f"{owner}{name}("
    returns = parameters.get(ast.unparse(function.returns), ast.unparse(function.returns)) if function.returns else ""
    end = f") -> {returns}" if returns and name[:1].islower() else ")"
    line = start + ", ".join(shown) + end
    return line if len(line) <= 120 else start + "".join(f"\n    {each}," for each in shown) + "\n" + end


def argument(given: ast.arg, default: ast.expr | None) -> str:
    annotation = f": {re.sub(PARAMETER, PLAIN, ast.unparse(given.annotation))}" if given.annotation else ""
    return f"{given.arg}{annotation}" + ("" if default is None else f" = {ast.unparse(default)}")


def entry(heading: str, code: str, text: str) -> str:
    return f"{heading}\n\n```py\n{code}\n```\n\n{text}\n"


def members(where: Module, node: ast.ClassDef) -> dict[str, tuple[Module, ast.AST, str]]:
    """Public methods, properties and fields, with those of private bases; in their order, the bases' first."""
    result: dict[str, tuple[Module, ast.AST, str]] = {}
    for base in node.bases:
        name = ast.unparse(base).split("[")[0]
        is_ours = name in where.definitions or where.elsewhere.get(name, "").startswith("yc_iam.")
        # A base with an entry of its own has told about its members there.
        if is_ours and name not in module("yc_iam").exported:
            result.update(members(*found(where, name)))
    for index, member in enumerate(node.body):
        if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not member.name.startswith("_"):
                result[member.name] = (where, member, f"{node.name}.{member.name}")
            elif member.name == "__init__":
                # Attributes are told about where they are set, those that are annotated in the class there.
                for line, set_there in enumerate(member.body):
                    text = text_after(member.body, line)
                    if text and isinstance(set_there, ast.Assign):
                        target = set_there.targets[0]
                        name = ast.unparse(target.elts[0] if isinstance(target, ast.Tuple) else target)
                        result[name.replace("self.", "")] = (where, set_there, text)
        elif isinstance(member, ast.AnnAssign) and not member.target.id.startswith("_"):
            result[member.target.id] = (where, member, text_after(node.body, index))
    return result


def constructor(where: Module, node: ast.ClassDef) -> str | None:
    """How an object is made, if a program makes it in this way."""
    functions = {member.name: member for member in node.body if isinstance(member, ast.FunctionDef)}
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    if any(decorator.startswith("dataclass") for decorator in decorators):
        return None
    for name in ("__init__", "__new__"):
        if name in functions and node.name not in ("AsyncCredentials", "Credentials", "Kubernetes", "TokenFile"):
            return signature(functions[name], node.name)
    return None


def class_entry(where: Module, node: ast.ClassDef) -> str:
    bases = [base for base in map(ast.unparse, node.bases) if base in ("Exception", "YcIamError")]
    code = f"class {node.name}({bases[0]})" if bases else constructor(where, node) or f"class {node.name}"
    fields, methods, shared = [], [], []
    for name, (place, member, path) in members(where, node).items():
        if isinstance(member, (ast.Assign, ast.AnnAssign)):
            annotation = f": {ast.unparse(member.annotation)}" if isinstance(member, ast.AnnAssign) else ""
            fields.append(f"- `{name}{annotation}`: {flat(said(path, name))}")
            continue
        # A private base's members are told about once, with the first class that has them.
        if told.setdefault(member, node.name) != node.name:
            shared.append((told[member], name))
            continue
        decorators = {ast.unparse(decorator) for decorator in member.decorator_list}
        text = said(doc(place, path, member), path)
        if "property" in decorators:
            returns = ast.unparse(member.returns) if member.returns else ""
            fields.append(f"- `{name}: {returns}`: {flat(text)}")
        else:
            owner = f"{node.name}." if decorators & {"classmethod", "staticmethod"} else ""
            methods.append(entry(f"#### `{node.name}.{name}`", signature(member, name, owner), text))
    parts = [entry(f"### `{node.name}`", code, said(doc(where, node.name, node), node.name))]
    if fields:
        parts.append("\n".join(fields) + "\n")
    for owner in sorted({owner for owner, _ in shared}):
        names = ", ".join(f"`{name}`" for other, name in shared if other == owner)
        parts.append(f"As on `{owner}`: {names}.\n")
    return "\n".join([*parts, *methods])


def said(text: str, name: str) -> str:
    if not text:
        raise SystemExit(f"`{name}` does not say what it is")
    return text


def flat(text: str) -> str:
    return " ".join(text.split())


def name_entry(where: Module, name: str) -> str:
    place, node = found(where, name)
    if isinstance(node, ast.ClassDef):
        return class_entry(place, node)
    if isinstance(node, ast.Assign):
        return entry(f"### `{name}`", f"{name} = {ast.unparse(node.value)}", flat(said(place.texts[name], name)))
    return entry(f"### `{name}`", signature(node, name), said(doc(place, name, node), name))


def public(names: list[str]) -> list[str]:
    """In the order of the alphabet, but what is for asyncio after its like."""
    shown = [name for name in names if not name.startswith("_")]
    return sorted(shown, key=lambda name: (name.replace("Async", "").lower(), "Async" in name))


def section(name: str, names: list[str]) -> str:
    where = module(name)
    return "\n".join([f"## `{name}`\n\n{where.doc}\n", *(name_entry(where, each) for each in names)])


def service_entry(name: str) -> str:
    """With the types that its methods give when `Credentials` have it."""
    services = module("yc_iam._services")
    node = services.definitions[name]
    for member in module("yc_iam._sync").definitions["Credentials"].body:
        given = getattr(member, "returns", None)
        if isinstance(given, ast.Subscript) and ast.unparse(given.value) == name:
            names = node.bases[-1].slice
            pairs = zip(*((each.elts if isinstance(each, ast.Tuple) else [each]) for each in (names, given.slice)))
            parameters.update({ast.unparse(parameter): ast.unparse(type_) for parameter, type_ in pairs})
    return class_entry(services, node)


def fixtures() -> str:
    where = module("pytest_yc_iam")
    listed = (f"- `{name}`: {flat(said(doc(where, name, where.definitions[name]), name))}" for name in where.exported)
    return f"## `pytest_yc_iam`\n\n{where.doc}\n\n" + "\n".join(listed) + "\n"


def page() -> str:
    """The page's text."""
    integrations = sorted(file.stem for file in (PACKAGE / "integrations").glob("*.py") if not file.stem.startswith("_"))
    types = module("yc_iam.types")
    internal = ("Action", "Step", "CallStep", "ProgramStep", "Outcome", "ErrorCode", "FailureKind")
    parts = [
        HEAD,
        section("yc_iam", public(module("yc_iam").exported)),
        "## What credentials have\n\n`creds.lockbox`, `creds.federated_credentials`, `creds.federations` and `creds.operations`. "
        "On `AsyncCredentials` the methods are awaited.\n",
        *(service_entry(name) for name in SERVICES),
        section("yc_iam.kubernetes", public(module("yc_iam.kubernetes").exported)),
        section("yc_iam.testing", public(module("yc_iam.testing").exported)),
        name_entry(module("yc_iam.testing._kubernetes"), "Kubernetes"),
        fixtures(),
        *(section(f"yc_iam.integrations.{name}", public(module(f"yc_iam.integrations.{name}").exported)) for name in integrations),
        section("yc_iam.types", public([name for name in types.definitions if name not in internal])),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
