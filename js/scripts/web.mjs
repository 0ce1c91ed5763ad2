// Bundles js/src into js/dist for the web platform: ES modules.
//
// The code is in `web.mjs`, `web-tools.mjs` and `web-kubernetes.mjs`; they import each other, so there is one instance of
// everything. In front of them is an entry for each way to come by the WebAssembly: `browser.mjs` fetches it, `workerd.mjs`
// and `edge-light.mjs` import it compiled, under the names that those who bundle for these runtimes understand.
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { smallGlue } from "./glue.mjs";

/** Where a source for Node is something else here: a file next door, or another source. */
const FILES = {
  "./node.js": { external: "./web.mjs" },
  "./web.js": { external: "./web.mjs" },
  "./tools.js": { external: "./web-tools.mjs" },
  "./cluster-fetch.js": { source: "cluster-fetch-web.ts" },
};

const filesOfTheWeb = (source) => ({
  name: "files-of-the-web",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\// }, ({ path: request, resolveDir, kind }) => {
      const { external, source: other } = (resolveDir === source && kind !== "entry-point" && FILES[request]) || {};
      if (external !== undefined) return { path: external, external: true };
      return other === undefined ? undefined : { path: path.join(source, other) };
    });
  },
});

async function bundle(root, entry, output) {
  const source = path.join(root, "src");
  const { metafile } = await build({
    entryPoints: [path.join(source, entry)],
    outfile: path.join(root, "dist", output),
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    plugins: [filesOfTheWeb(source), smallGlue({ compiles: false })],
    metafile: true,
    logLevel: "warning",
  });
  return Object.values(metafile.outputs)[0];
}

export async function bundleForWeb(root, namesInNode) {
  const dist = path.join(root, "dist");
  const write = (name, text) => writeFile(path.join(dist, name), text);
  const web = await bundle(root, "web.ts", "web.mjs");
  const tools = await bundle(root, "tools.ts", "web-tools.mjs");
  const kubernetes = await bundle(root, "kubernetes.ts", "web-kubernetes.mjs");

  const names = web.exports.filter((name) => name !== "internals").sort();
  const missing = namesInNode.filter((name) => !web.exports.includes(name));
  if (missing.length > 0 || web.exports.length !== namesInNode.length) {
    throw new Error(`js/src/web.ts exports ${web.exports}, and js/src/node.ts ${namesInNode}`);
  }
  const exported = `export { ${names.join(", ")} } from "./web.mjs";\n`;
  await write("browser.mjs", exported);
  for (const [name, suffix] of [["workerd", ""], ["edge-light", "?module"]]) {
    await write(`${name}.mjs`, handingOver(name, suffix) + exported);
    // Imported when it is needed: what a cold start has to compile is the core alone.
    for (const further of ["signer", "tools"]) {
      await write(`${name}-${further}.mjs`, `export { default } from "./yc_iam_${further}.wasm${suffix}";\n`);
    }
    await write(
      `${name}-kubernetes.mjs`,
      `import "./${name}.mjs";\nexport { ${kubernetes.exports.sort().join(", ")} } from "./web-kubernetes.mjs";\n`,
    );
  }
  await write("web.d.mts", `export * from "./node.js";\n`);
  await write("web-kubernetes.d.mts", `export * from "./kubernetes.js";\n`);
  await rm(path.join(dist, "web.d.ts"), { force: true });
  const sizes = Object.entries({ web, "web-tools": tools, "web-kubernetes": kubernetes });
  console.log(`    ${sizes.map(([name, { bytes }]) => `dist/${name}.mjs: ${bytes} bytes`).join(", ")}`);
}

const handingOver = (name, suffix) => `import core from "./yc_iam.wasm${suffix}";
import { internals } from "./web.mjs";
internals.provide("yc_iam.wasm", () => core, core);
internals.provide("yc_iam_signer.wasm", async () => (await import("./${name}-signer.mjs")).default);
internals.provide("yc_iam_tools.wasm", async () => (await import("./${name}-tools.mjs")).default);
`;
