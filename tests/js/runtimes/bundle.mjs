// Bundles with esbuild, as the tools of each runtime do it.
import { copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/** What wrangler does with an imported module: leaves it to the runtime, and puts the file beside the bundle. */
export const besideTheBundle = (output) => ({
  name: "beside-the-bundle",
  setup({ onResolve }) {
    onResolve({ filter: /\.wasm$/ }, async ({ path: request, resolveDir }) => {
      await mkdir(output, { recursive: true });
      await copyFile(path.join(resolveDir, request), path.join(output, path.basename(request)));
      return { path: `./${path.basename(request)}`, external: true };
    });
  },
});

/** What Next.js does with `?module`: a global variable has it. */
export const inGlobals = (found) => ({
  name: "in-globals",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path: request, resolveDir }) => ({
      path: path.join(resolveDir, request.replace("?module", "")),
      namespace: "global",
    }));
    onLoad({ filter: /.*/, namespace: "global" }, async ({ path: file }) => {
      const name = path.basename(file, ".wasm");
      found.set(name, await readFile(file));
      return { contents: `export default globalThis.${name};` };
    });
  },
});

export function bundle(entry, outfile, options) {
  return build({ entryPoints: [entry], outfile, bundle: true, format: "esm", logLevel: "error", minify: true, ...options });
}
