// Looks for the pieces of a private key in bytes, and in the memory of another process (Linux).
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const PIECE = 16;
const AT_ONCE = 1 << 24;

/** Its numbers as DER has them and as arithmetic has them, and its text as V8 may have it: piece → name. */
export function needles(jwk, pem) {
  const named = new Map();
  const add = (name, bytes) => {
    for (let at = 0; at + PIECE <= bytes.length; at += PIECE) named.set(bytes.latin1Slice(at, at + PIECE), name);
  };
  for (const name of ["d", "p", "q", "dp", "dq", "qi"]) {
    const number = Buffer.from(jwk[name], "base64url");
    add(`${name}, most significant byte first`, number);
    add(`${name}, least significant byte first`, Buffer.from(number).reverse());
  }
  // The first line names the algorithm, as every key's does.
  for (const line of pem.trim().split("\n").slice(2, -1)) {
    add("PEM", Buffer.from(line));
    add("PEM, two bytes a character", Buffer.from(line, "utf16le"));
  }
  const begin = new Uint8Array(1 << 16);
  for (const piece of named.keys()) begin[piece.charCodeAt(0) | (piece.charCodeAt(1) << 8)] = 1;
  return { named, begin };
}

/** The names of what is there. */
export function found({ named, begin }, bytes) {
  const names = new Set();
  for (let at = 0; at + PIECE <= bytes.length; at++) {
    if (begin[bytes[at] | (bytes[at + 1] << 8)] === 0) continue;
    const name = named.get(bytes.latin1Slice(at, at + PIECE));
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** The same in all that a process may write to, with the place. */
export function foundInProcess(wanted, pid) {
  const names = new Set();
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const mapping of readFileSync(`/proc/${pid}/maps`, "utf8").trim().split("\n")) {
      const [, start, end, name] = /^(\w+)-(\w+) rw\S+ \S+ \S+ \S+ *(.*)$/.exec(mapping) ?? [];
      if (start === undefined || name.startsWith("[v")) continue;
      for (const bytes of pieces(memory, Number(`0x${start}`), Number(`0x${end}`))) {
        for (const what of found(wanted, bytes)) names.add(`${what}, in ${name || "anonymous memory"}`);
      }
    }
  } finally {
    closeSync(memory);
  }
  return names;
}

/** A mapping's bytes. A piece of a key that lies across two reads is one of many. */
function* pieces(memory, start, end) {
  for (let at = start; at < end; at += AT_ONCE) {
    const bytes = Buffer.alloc(Math.min(AT_ONCE, end - at));
    try {
      yield bytes.subarray(0, readSync(memory, bytes, 0, bytes.length, at));
    } catch (error) {
      // V8 gives pages back while it is looked at.
      if (!["EIO", "EFAULT"].includes(error.code)) throw error;
    }
  }
}
