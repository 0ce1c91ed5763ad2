// The package in a realm of its own, as test runners load it: the language's own objects are others there than the platform's.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { installed } from "./files.mjs";

const PLATFORM = [
  ...["AbortController", "AbortSignal", "Blob", "Buffer", "FormData", "Headers", "Request", "Response", "TextDecoder", "TextEncoder", "URL", "URLSearchParams"],
  ...["clearInterval", "clearTimeout", "console", "crypto", "fetch", "performance", "process", "queueMicrotask", "setImmediate", "setInterval", "setTimeout"],
];

/** Gives a function that requires a file of the package there, and one that runs an expression there. */
export function realm() {
  const globals = Object.fromEntries(PLATFORM.map((name) => [name, globalThis[name]]));
  const context = vm.createContext({ ...globals });
  vm.runInContext("globalThis.global = globalThis", context);
  const loaded = new Map();
  const load = (file) => {
    if (loaded.has(file)) return loaded.get(file).exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const outer = createRequire(file);
    const require = Object.assign((name) => (name.startsWith(".") ? load(path.resolve(path.dirname(file), name)) : outer(name)), { main: undefined });
    const parameters = ["exports", "require", "module", "__filename", "__dirname"];
    const run = vm.compileFunction(readFileSync(file, "utf8"), parameters, { filename: file, parsingContext: context });
    run(module.exports, require, module, file, path.dirname(file));
    return module.exports;
  };
  return { load: (name) => load(path.join(installed, "dist", `${name}.cjs`)), run: (expression) => vm.runInContext(expression, context) };
}
