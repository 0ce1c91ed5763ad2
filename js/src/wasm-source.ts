// From whatever names a WebAssembly module to the module.

import type { WasmSource } from "./init.js";
import { isBytes, isKind, isUrl } from "./kinds.js";

/** Compiles; streaming where that is possible. Rejects with what to do. */
export async function compiled(file: string, source: WasmSource): Promise<WebAssembly.Module> {
  const given: unknown = await source;
  if (isModule(given)) return given;
  if (isBytes(given)) return WebAssembly.compile(given);
  if (isResponse(given)) return compiledFrom(file, given);
  if (typeof given !== "string" && !isUrl(given)) {
    throw new TypeError(`${file} is passed as a WebAssembly.Module, its bytes, a Response or a URL`);
  }
  const url = String(given);
  let response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new Error(`${shown(url)} cannot be fetched: ${remedy(file)}`, { cause });
  }
  return compiledFrom(file, response);
}

async function compiledFrom(file: string, response: Response): Promise<WebAssembly.Module> {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  if (!response.ok) throw new Error(`${shown(response.url)} answered ${response.status}: ${remedy(file)}`);
  // A development server answers with its page to what it does not know.
  if (type === "text/html") throw new Error(`${shown(response.url)} is a page and not WebAssembly: ${remedy(file)}`);
  if (type === "application/wasm" && "compileStreaming" in WebAssembly) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

const remedy = (file: string): string =>
  `let the bundler copy \`yc-iam/${file}\` of the package yc-iam, and pass its URL or the module to \`init\``;

const shown = (url: string): string => `\`${url.slice(0, 200)}\``;

const isModule = (given: unknown): given is WebAssembly.Module => isKind(given, "WebAssembly.Module");
const isResponse = (given: unknown): given is Response => isKind(given, "Response");
