// Writes docs/reference/javascript.md from the declarations of the built npm package.
//
// node docs/generate_reference.mjs
//
// The layout of declarations is tsc's own: one begins where a line begins, a member four spaces in, each after its comment.
// That is read here, for TypeScript 7 has no programming interface that is meant to stay.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const PAGE = join(import.meta.dirname, "reference/javascript.md");

const HEAD = `<!-- Written by docs/generate_reference.mjs: do not edit. -->

# The npm package

Every exported name, with its comment. Times are seconds since the epoch, durations are seconds; errors are in [errors](../errors.md).
`;

/** Where each entry of the package has its declarations. */
function entries(dist) {
  const libraries = readdirSync(join(dist, "integrations")).filter((name) => name.endsWith(".d.ts"));
  return [
    ["yc-iam", "node.d.ts"],
    ["yc-iam/kubernetes", "kubernetes.d.ts"],
    ["yc-iam/testing", "testing.d.ts"],
    ...libraries.sort().map((name) => [`yc-iam/integrations/${name.replace(".d.ts", "")}`, `integrations/${name}`]),
  ];
}

/** Splits lines into pieces with their comments; a piece ends where its brackets are closed and a line ends in ; or }. */
function pieces(lines) {
  const found = [];
  let comment = [];
  let code = [];
  let depth = 0;
  let isComment = false;
  for (const line of lines) {
    const text = line.trim();
    if (depth === 0 && code.length === 0 && (isComment || text.startsWith("/**"))) {
      if (!isComment) comment = [];
      comment.push(text);
      isComment = !text.endsWith("*/");
      continue;
    }
    code.push(line);
    const plain = line.replace(/\/\*.*?\*\/|"[^"]*"|^\s*\*.*|=>/g, "");
    for (const character of plain) depth += "([{<".includes(character) ? 1 : ")]}>".includes(character) ? -1 : 0;
    if (depth === 0 && /[;}]$/.test(text)) {
      found.push({ comment: said(comment), code: code.join("\n") });
      [comment, code] = [[], []];
    }
  }
  return found;
}

/** A comment's text, as Markdown. */
function said(comment) {
  const lines = comment.map((line) => line.replace(/^\/\*\*\s?|\s*\*\/$/g, "").replace(/^\* ?/, ""));
  return lines
    .join("\n")
    .trim()
    .replace(/@throws \{(\w+)\} /g, "Throws `$1`: ")
    .replace(/@throws /g, "Throws ");
}

function declarations(dist) {
  const files = new Map();
  const read = (file) => {
    if (!files.has(file)) files.set(file, parsed(readFileSync(join(dist, file), "utf8"), file));
    return files.get(file);
  };
  /** Each name that a file exports, with what it is. */
  const exported = (file) => {
    const { own, named, whole } = read(file);
    const all = new Map([...own].filter(([, { code }]) => code.startsWith("export")));
    for (const from of whole) for (const [name, piece] of exported(from)) all.set(name, piece);
    for (const [name, from] of named) if (from !== undefined) all.set(name, exported(from).get(name));
    return all;
  };
  return exported;
}

/** A file's declarations, the names that it passes on with the files that have them, and the files that it passes on whole. */
function parsed(text, file) {
  const own = new Map();
  const imports = new Map();
  const named = new Map();
  const whole = [];
  const path = (from) => join(file, "..", from).replace(/\.js$/, ".d.ts");
  const names = (list) => list.split(",").map((name) => name.trim().replace(/^type /, "")).filter(Boolean);
  for (const piece of pieces(text.split("\n").filter((line) => line.trim() !== ""))) {
    const { code } = piece;
    const [, declared] = /^(?:export )?(?:declare )?(?:class|interface|type|function|const) (\w+)/.exec(code) ?? [];
    const [, keyword, list, from] = /^(import|export)(?: type)? \{([^}]*)\}(?: from "(\.[^"]*)")?/s.exec(code) ?? [];
    const [, all] = /^export \* from "([^"]*)"/.exec(code) ?? [];
    if (all !== undefined) whole.push(path(all));
    else if (keyword === "import" && from !== undefined) for (const name of names(list)) imports.set(name, path(from));
    else if (keyword === "export") for (const name of names(list)) named.set(name, from === undefined ? imports.get(name) : path(from));
    else if (declared !== undefined) own.set(declared, piece);
  }
  return { own, named, whole };
}

const code = (text) => `\`\`\`ts\n${text}\n\`\`\`\n`;

/** One name: what is declared, and what a class or an interface has. */
function described(name, { comment, code: declared }) {
  const text = declared.replace(/^export (declare )?/, "");
  const parts = [`### \`${name}\`\n`];
  if (comment === "") throw new Error(`${name} does not say what it is`);
  if (!/^(class|interface) /.test(text)) return [...parts, code(unindented(text)), `${comment}\n`].join("\n");
  const [first, ...body] = text.split("\n");
  parts.push(code(first.replace(/ \{\}?$/, "")));
  parts.push(`${comment}\n`);
  const members = pieces(body.slice(0, -1)).filter((member) => !/^\s*(#private|private |toString\(|toJSON\()/.test(member.code));
  const silent = members.filter((member) => member.comment === "").map((member) => member.code.trim());
  if (silent.length > 0) throw new Error(`${name} does not say what these are: ${silent.join(" ")}`);
  const fields = members.filter((member) => FIELD.test(member.code));
  if (fields.length > 0) parts.push(fields.map(bullet).join("\n") + "\n");
  for (const member of members.filter((member) => !fields.includes(member))) {
    parts.push(code(unindented(member.code)) + `\n${member.comment}\n`);
  }
  return parts.join("\n");
}

const FIELD = /^\s*(readonly \w+\??|\w+\??|get \w+\(\)): .*;$/;

const bullet = ({ comment, code: declared }) => `- \`${unindented(declared)}\`: ${comment.replace(/\s*\n\s*/g, " ")}`;

const unindented = (text) => text.replace(/^ {4}/gm, "").replace(/;$/, "");

/** The page's text, from the declarations in this directory. */
export function page(dist) {
  const exported = declarations(dist);
  const parts = [HEAD];
  for (const [entry, file] of entries(dist)) {
    parts.push(`## \`${entry}\`\n`);
    const names = [...exported(file)].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    for (const [name, piece] of names) parts.push(described(name, piece));
  }
  return parts.join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PAGE, page(join(import.meta.dirname, "../js/dist")));
}
