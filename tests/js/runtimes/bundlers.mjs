// The same page's script through each bundler, with the WebAssembly as a file and inlined.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import nodeResolve from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { rollup } from "rollup";
import { build as vite } from "vite";
import webpack from "webpack";

const MODULE = "yc-iam/yc_iam.wasm";

/** An entry that signs with the module found by this expression. */
async function entry(app, name, expression, imported) {
  const file = path.join(app, `bundled-${name}.mjs`);
  const importing = imported === undefined ? "" : `import wasm from "${imported}";\n`;
  await writeFile(
    file,
    `${importing}import { sign } from "./bundled.mjs";\nglobalThis.bundled(${JSON.stringify(name)}, sign(${expression}));\n`,
  );
  return file;
}

const copyModule = (app, output) =>
  mkdir(output, { recursive: true }).then(() =>
    copyFile(path.join(app, "node_modules/yc-iam/dist/yc_iam.wasm"), path.join(output, "yc_iam.wasm")),
  );

async function withEsbuild(app, name, loader, output) {
  const entryPoints = [await entry(app, name, "wasm", MODULE)];
  await esbuild({
    entryPoints,
    outfile: path.join(output, "main.js"),
    bundle: true,
    minify: true,
    format: "iife",
    publicPath: `/${name}/`,
    loader: { ".wasm": loader },
    logLevel: "error",
  });
}

async function withVite(app, name, imported, output) {
  const input = await entry(app, name, imported === undefined ? "" : "wasm", imported);
  await vite({
    root: app,
    configFile: false,
    logLevel: "error",
    base: `/${name}/`,
    build: {
      outDir: output,
      emptyOutDir: false,
      rollupOptions: { input, output: { entryFileNames: "main.js" } },
    },
  });
}

async function withWebpack(app, name, inline, output) {
  const config = {
    mode: "production",
    entry: await entry(app, name, inline ? "wasm" : "", inline ? MODULE : undefined),
    output: { path: output, filename: "main.js" },
    performance: false,
    ...(inline ? { module: { rules: [{ test: /\.wasm$/, type: "asset/inline" }] } } : {}),
  };
  const stats = await new Promise((resolve, reject) => {
    webpack(config, (error, done) => (error ? reject(error) : resolve(done)));
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString("errors-warnings"));
}

const inlineWasm = {
  name: "inline-wasm",
  async load(id) {
    if (!id.endsWith(".wasm")) return null;
    const text = (await readFile(id)).toString("base64");
    return `export default Uint8Array.from(atob("${text}"), (character) => character.charCodeAt(0));`;
  },
};

async function withRollup(app, name, inline, output) {
  const input = await entry(app, name, inline ? "wasm" : "", inline ? MODULE : undefined);
  const plugins = [nodeResolve({ browser: true }), inlineWasm];
  const made = await rollup({ input, plugins });
  await made.write({ dir: output, entryFileNames: "main.js", format: "es" });
  if (!inline) await copyModule(app, output);
}

/** How each bundler makes which kind of script. */
export const BUNDLES = {
  "esbuild-file": [withEsbuild, "file", "classic"],
  "esbuild-inline": [withEsbuild, "binary", "classic"],
  "vite-file": [withVite, undefined, "module"],
  "vite-inline": [withVite, `${MODULE}?url&inline`, "module"],
  "webpack-file": [withWebpack, false, "classic"],
  "webpack-inline": [withWebpack, true, "classic"],
  "rollup-file": [withRollup, false, "module"],
  "rollup-inline": [withRollup, true, "module"],
};

/** Bundles into `site/NAME/main.js`; gives each name with the kind of its script, or what went wrong. */
export async function bundleAll(app, site) {
  const bundles = [];
  for (const [name, [make, option, kind]] of Object.entries(BUNDLES)) {
    try {
      await make(app, name, option, path.join(site, name));
      bundles.push({ name, kind });
    } catch (error) {
      bundles.push({ name, failure: String(error?.stack ?? error) });
    }
  }
  return bundles;
}
