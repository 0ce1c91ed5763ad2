// What wasm-bindgen generates, made small: it is code that nobody reads in a stack trace, and more than half of a bundle.
import { readFile } from "node:fs/promises";
import { transform } from "esbuild";

/** Beside `initSync`, a way to load the module that this package does not use: bundlers then leave it out. */
const EXPORTS = /export \{ initSync, __wbg_init as default \};\s*$/;

/** It compiles what is no module of its own realm, but the modules of an edge function may be another realm's. */
const COMPILES = /if \(!\(module instanceof WebAssembly\.Module\)\) \{\s*module = new WebAssembly\.Module\(module\);\s*\}/;

/** It frees by an address alone, which in an instance that took the place of one that stopped is something else's. */
const FREES = /\bfree\(\) \{\s*(?=const ptr = this\.__destroy_into_raw\(\);)/g;
const UNLESS_STALE = "free() { if (this.__wbg_inst !== undefined && this.__wbg_inst !== __wbg_instance_id) return; ";

/** It knows the bytes of its own realm only, and under some test runners those of the platform are another's. */
const IS_BYTES = /(\w+) instanceof Uint8Array\b/g;
const LOOKS_LIKE_BYTES = 'ArrayBuffer.isView($1) && Object.prototype.toString.call($1) === "[object Uint8Array]"';

/** `compiles`: whether it may compile WebAssembly itself. */
export const smallGlue = ({ compiles }) => ({
  name: "small-glue",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/]wasm[\\/]\w+\.js$/ }, async ({ path: file }) => {
      const replaced = (glue, pattern, text) => {
        if (glue.search(pattern) < 0) throw new Error(`${file} does not look as expected: wasm-bindgen changed its glue`);
        return glue.replace(pattern, text);
      };
      let glue = replaced(await readFile(file, "utf8"), EXPORTS, "export { initSync };\n");
      glue = replaced(glue, FREES, UNLESS_STALE).replace(IS_BYTES, LOOKS_LIKE_BYTES);
      if (!compiles) glue = replaced(glue, COMPILES, "");
      const { code } = await transform(glue, { minify: true, format: "esm", target: "es2022", legalComments: "none" });
      return { contents: code };
    });
  },
});
