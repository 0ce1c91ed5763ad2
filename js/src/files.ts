// Files and environment variables, where there are any.

import { host } from "./host.js";

/** An object like `process.env`: names and values of environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** @internal The environment's variables. */
export function variables(): Variables {
  return host().variables ?? {};
}

/** @internal The value of an environment variable. */
export function variable(name: string): string | undefined {
  const { variables } = host();
  if (variables === undefined) throw new Error("there are no environment variables on this platform");
  return variables[name];
}

/** @internal A file's content. Throws the platform's words without the path: the core knows whether it may be shown. */
export function readFile(path: string | URL): Uint8Array {
  const { readFile } = host();
  if (readFile === undefined) throw new Error("there are no files on this platform");
  try {
    return readFile(path);
  } catch (error) {
    // Node's messages end with the path.
    throw new Error((error as Error).message.replace(/, [a-z]+ '[^]*$/, ""));
  }
}
