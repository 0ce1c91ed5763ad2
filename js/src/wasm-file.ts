import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** A WebAssembly file of this package; it lies beside the code. */
export function wasmFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(
      `\`${path}\` cannot be read: if a bundler put the code there, let it leave the package yc-iam outside ` +
        `or copy ${basename(path)} beside the bundle; otherwise install the package again`,
      { cause },
    );
  }
}
