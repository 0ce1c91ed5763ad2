// `yc-iam emulator`: the testing kit's emulator, until somebody interrupts.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Failure, failure } from "./http.js";

/** How it is to be run. */
export interface EmulatorSettings {
  port: number;
  /** A new file for the key; by default a temporary one. */
  keyFile: string | undefined;
  tokenLifetime: number | undefined;
  clockTolerance: number | undefined;
}

/** Gives why it could not be run, if it could not. It ends at once where it cannot be announced. */
export async function runEmulator(
  { keyFile, ...options }: EmulatorSettings,
  announce: (url: string, keyFile: string) => Promise<boolean>,
  interrupted: () => Promise<void>,
): Promise<Failure | undefined> {
  const { Emulator } = require("./testing.js") as typeof import("./testing.js");
  const stopped = interrupted();
  let emulator: Awaited<ReturnType<typeof Emulator.start>>;
  try {
    emulator = await Emulator.start(options);
  } catch (error) {
    return { kind: "connection", detail: failure(error).detail };
  }
  let directory: string | undefined;
  try {
    let path = keyFile;
    try {
      path ??= join((directory = mkdtempSync(join(tmpdir(), "yc-iam-"))), "key.json");
      writeFileSync(path, emulator.serviceAccountKey(), { flag: "wx", mode: 0o600 });
    } catch (error) {
      return { kind: "file", detail: failure(error).detail };
    }
    if (await announce(emulator.url, path)) await stopped;
    return undefined;
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    await emulator.stop();
  }
}
