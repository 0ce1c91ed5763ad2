// What wasm-bindgen generates, made small: it is code that nobody reads in a stack trace, and more than half of a bundle.
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

/** Beside `initSync`, a way to load the module that this package does not use: bundlers then leave it out. */
const EXPORTS = /export \{ initSync, __wbg_init as default \};\s*$/;

/** It compiles what is no module of its own realm, but the modules of an edge function may be another realm's. */
const COMPILES = /if \(!\(module instanceof WebAssembly\.Module\)\) \{\s*module = new WebAssembly\.Module\(module\);\s*\}/;

/** `compiles`: whether it may compile WebAssembly itself. */
export const smallGlue = ({ compiles }) => ({
  name: "small-glue",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]wasm[\\/]\w+\.js$/ }, async ({ path: file }) => {
      const replaced = (glue, pattern, text) => {
        if (!pattern.test(glue)) throw new Error(`${file} does not look as expected: wasm-bindgen changed its glue`);
        return glue.replace(pattern, text);
      };
      let glue = replaced(await readFile(file, "utf8"), EXPORTS, "export { initSync };\n");
      if (!compiles) glue = replaced(glue, COMPILES, "");
      const { code } = await transform(glue, { minify: true, format: "esm", target: "es2022", legalComments: "none" });
      return { contents: code };
    });
  },
});
