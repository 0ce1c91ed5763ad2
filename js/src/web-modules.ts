// The WebAssembly modules and the code that is loaded later: what is there, what is on its way, and where it comes from.

import type { Init, WasmSource } from "./init.js";
import { compiled } from "./wasm-source.js";

type ToolsModule = typeof import("./tools.js");
type Source = () => WasmSource;

const CORE = "yc_iam.wasm";
const SIGNER = "yc_iam_signer.wasm";
const TOOLS = "yc_iam_tools.wasm";

/** Bundlers look for these very words, and put the files beside their output. */
const sources = new Map<string, Source>([
  [CORE, () => new URL("./yc_iam.wasm", import.meta.url)],
  [SIGNER, () => new URL("./yc_iam_signer.wasm", import.meta.url)],
  [TOOLS, () => new URL("./yc_iam_tools.wasm", import.meta.url)],
]);

const modules = new Map<string, WebAssembly.Module>();
const onTheWay = new Map<string, Promise<void>>();
let loadedTools: ToolsModule | undefined;

/** Says where a module comes from: what is compiled already is ready at once. */
export function provide(file: string, source: Source, module?: WebAssembly.Module): void {
  sources.set(file, source);
  if (module !== undefined) modules.set(file, module);
}

export const init: Init = async (core, { signer, tools } = {}) => {
  const wanted = [prepare(CORE, core)];
  if (isWanted(signer)) wanted.push(prepare(SIGNER, chosen(signer)));
  if (isWanted(tools)) wanted.push(prepareTools(chosen(tools)));
  await Promise.all(wanted);
};

const isWanted = (further: WasmSource | boolean | undefined): boolean => further !== undefined && further !== false;
const chosen = (further: WasmSource | boolean | undefined) => (typeof further === "boolean" ? undefined : further);

/** Gets a module ready, from there or from where it usually is. What failed is tried anew at the next call. */
export function prepare(file: string, source?: WasmSource): Promise<void> {
  if (modules.has(file)) return Promise.resolve();
  let loading = onTheWay.get(file);
  if (loading === undefined) {
    loading = load(file, source).finally(() => onTheWay.delete(file));
    onTheWay.set(file, loading);
  }
  return loading;
}

async function load(file: string, source: WasmSource | undefined): Promise<void> {
  modules.set(file, await compiled(file, source ?? usual(file)));
}

function usual(file: string): WasmSource {
  try {
    return (sources.get(file) as Source)();
  } catch (cause) {
    // A classic script does not know where it came from.
    throw new Error(`where ${file} is has to be said in this kind of bundle: pass its URL or the module to \`init\``, { cause });
  }
}

/** Gets the tools ready: their code and their module. */
export async function prepareTools(source?: WasmSource): Promise<void> {
  const [loaded] = await Promise.all([import("./tools.js"), prepare(TOOLS, source)]);
  loadedTools = loaded;
}

/** A module that is ready. */
export function ready(file: string): WebAssembly.Module {
  const module = modules.get(file);
  if (module !== undefined) return module;
  throw new Error(NOT_READY[file] ?? `${file} is not ready`);
}

/** The tools, ready. */
export function tools(): ToolsModule {
  if (loadedTools === undefined) throw new Error(NOT_READY[TOOLS]);
  return loadedTools;
}

const NOT_READY: Record<string, string> = {
  [CORE]: "yc-iam is not ready yet: `await init()` before anything else, with `import { init } from \"yc-iam\"`",
  [SIGNER]:
    "what signs at once is not loaded: `await init(undefined, { signer: true })` before, " +
    'or use `await key.signJwtWith("platform")`',
  [TOOLS]: "what this needs is not loaded: `await init(undefined, { tools: true })` before",
};
