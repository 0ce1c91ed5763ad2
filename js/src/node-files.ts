// Files, as far as they can be what is looked for.

import { closeSync, openSync, readSync } from "node:fs";

const ROOM = 64 * 1024;

/** Nothing that the core takes comes near this: more is not read, or a device would be read for ever. */
const MOST = 4 * 1024 * 1024;

/** @internal Throws where so many bytes are too many. */
export function checkLength(length: number): void {
  if (length > MOST) throw new Error(`it has more than ${MOST / 1024 / 1024} MiB`);
}

/** @internal A file's content, in memory that nothing else is in. */
export function readFile(path: string | URL): Uint8Array {
  const file = openSync(path, "r");
  let content = new Uint8Array(ROOM);
  let length = 0;
  try {
    for (let count; (count = readSync(file, content, length, content.length - length, null)) > 0; ) {
      length += count;
      checkLength(length);
      if (length === content.length) {
        const full = content;
        content = new Uint8Array(2 * length);
        content.set(full);
        full.fill(0);
      }
    }
    return content.subarray(0, length);
  } catch (error) {
    content.fill(0);
    throw error;
  } finally {
    closeSync(file);
  }
}
