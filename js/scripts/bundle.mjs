// Bundles js/src into js/dist: one CommonJS file for each entry, and a thin ES module in front of it. `web.mjs` makes
// the files for the web platform.
//
// The code lives in the CommonJS file only, so `import` and `require` share one instance of everything,
// the wasm module included. The others require `node.cjs` for the same reason, and must not hold a copy of it. `tools` is
// no entry of the package's: `node.cjs` requires it when somebody uses what is in it.
import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { smallGlue } from "./glue.mjs";
import { bundleForWeb } from "./web.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src");
const dist = path.join(root, "dist");

/** Other entries are required at run time from the file next door, not bundled. */
const entriesStayOutside = (entries, place) => ({
  name: "entries-stay-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path: request, resolveDir, kind }) => {
      if (kind === "entry-point" || !resolveDir.startsWith(source)) return undefined;
      const name = request.match(/^\.\.?\/([a-z]+)(?:\.[jt]s)?$/)?.[1];
      return entries.includes(name) ? { path: `${place}/${name}.cjs`, external: true } : undefined;
    });
  },
});

async function bundle(name, otherEntries) {
  const { metafile } = await build({
    entryPoints: [path.join(source, `${name}.ts`)],
    outfile: path.join(dist, `${name}.cjs`),
    absWorkingDir: root,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node18",
    // Names stay: they are what a stack trace shows, and they cost little.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    // What an ES module knows about itself, in a CommonJS file.
    define: {
      "import.meta.url": "importMetaUrl",
      "import.meta.dirname": "__dirname",
      "import.meta.filename": "__filename",
    },
    inject: [path.join(root, "scripts/import-meta-url.js")],
    plugins: [entriesStayOutside(otherEntries, name.includes("/") ? ".." : "."), smallGlue({ compiles: true })],
    metafile: true,
    logLevel: "warning",
  });
  return Object.values(metafile.outputs)[0];
}

/** The ES module and its declarations: the same names, from the CommonJS file. */
async function wrap(name) {
  const all = Object.keys(createRequire(import.meta.url)(path.join(dist, `${name}.cjs`)));
  const exported = all.filter((name) => name !== "internals");
  if (exported.length === 0) throw new Error(`js/src/${name}.ts exports nothing`);
  const names = exported.sort().join(", ");
  const base = path.basename(name);
  await writeFile(path.join(dist, `${name}.mjs`), `export { ${names} } from "./${base}.cjs";\n`);
  await writeFile(path.join(dist, `${name}.d.mts`), `export * from "./${base}.js";\n`);
}

/** Code bundled into both files would exist twice at run time; a few small helpers do no harm. */
function refuseCopies(node, name, other) {
  const limit = 2000;
  const copies = Object.entries(other.inputs)
    .filter(([file, { bytesInOutput }]) => file in node.inputs && bytesInOutput > 0)
    .filter(([file]) => !file.startsWith("scripts/"));
  const bytes = copies.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  if (bytes <= limit) return;
  const files = copies.map(([file]) => file).join(", ");
  throw new Error(
    `dist/${name}.cjs holds ${bytes} bytes that are in dist/node.cjs as well (${files}): ` +
      `let js/src/${name}.ts import them from "./node.js"`,
  );
}

/** Files of the package, and those that each requires from next door. */
const FILES = {
  node: ["tools"],
  tools: ["node"],
  kubernetes: ["node", "tools"],
  testing: ["node"],
  cli: ["node", "tools", "testing"],
};
/** One file for each library: whoever uses one loads nothing of the others. */
const INTEGRATIONS = readdirSync(path.join(source, "integrations")).map((file) => `integrations/${path.parse(file).name}`);
for (const name of INTEGRATIONS) FILES[name] = ["node"];
const ENTRIES = ["node", "kubernetes", "testing", ...INTEGRATIONS];

try {
  const outputs = {};
  for (const [name, others] of Object.entries(FILES)) outputs[name] = await bundle(name, others);
  for (const [name, output] of Object.entries(outputs)) if (name !== "node") refuseCopies(outputs.node, name, output);
  for (const name of ENTRIES) await wrap(name);
  await bundleForWeb(root, Object.keys(createRequire(import.meta.url)(path.join(dist, "node.cjs"))));
  const sizes = Object.entries(outputs).map(([name, { bytes }]) => `dist/${name}.cjs: ${bytes} bytes`);
  console.log(`    ${sizes.join(", ")}`);
} catch (error) {
  // esbuild has already shown what is wrong in the sources.
  console.error(error.errors ? "the bundle could not be made" : `the bundle could not be made: ${error.stack}`);
  process.exitCode = 1;
}
