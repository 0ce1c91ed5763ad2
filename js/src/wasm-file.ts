import { readFileSync } from "node:fs";

/** A WebAssembly file of this package; it lies beside the code. */
export function wasmFile(name: string): Uint8Array {
  const path = `${import.meta.dirname}/${name}`;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(
      `\`${path}\` cannot be read: if a bundler put the code there, let it leave the package yc-iam outside ` +
        `or copy ${name} beside the bundle; otherwise install the package again`,
      { cause },
    );
  }
}
