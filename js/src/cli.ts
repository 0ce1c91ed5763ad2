#!/usr/bin/env node
// The command `yc-iam`: the core's program in a loop.

import { fstatSync, writeFileSync } from "node:fs";
import { isatty } from "node:tty";
import { credentialsOf, type Choice } from "./cli-credentials.js";
import { runEmulator, type EmulatorSettings } from "./cli-emulator.js";
import { type Failure, failure } from "./http.js";
import { type Fetch, internals, YcIamError } from "./node.js";
import { checkLength } from "./node-files.js";
import type { HttpAction } from "./core.js";
import { call } from "./tools.js";

const { now, send, sleepUntil } = internals;

/** What the command has of its process. */
export interface CommandHost {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  readonly fetch: Fetch;
  /** Everything that standard input gives. */
  readInput(): Promise<Uint8Array>;
  /** Rejects if it cannot be written; that nobody reads it any more is no failure. */
  write(to: "stdout" | "stderr", text: Uint8Array | string): Promise<void>;
  /** Fulfilled when somebody interrupts. */
  interrupted(): Promise<void>;
}

type Step =
  | { kind: "perform"; id: number; action: Action }
  | { kind: "authorize"; choice: Choice; refused: string | undefined }
  | { kind: "wait"; until: number }
  | ({ kind: "emulate" } & EmulatorSettings)
  | { kind: "exit"; code: number; output: Uint8Array; errors: string };

type Action =
  | HttpAction
  | { type: "readFile"; path: string }
  | { type: "readVariable"; name: string }
  | { type: "readInput" }
  | { type: "sign"; input: Uint8Array };

const MAX_BODY = 8 * 1024 * 1024;

/** Runs the command; gives the exit code. */
export async function main(args: readonly string[], host: CommandHost): Promise<number> {
  const entropy = crypto.getRandomValues(new Uint8Array(16));
  const program = call((core) => new core.Program([...args], host.variables, entropy, host.stdinIsTerminal));
  let credentials: ReturnType<typeof credentialsOf> | undefined;
  for (;;) {
    const step = call(() => program.poll(now())) as Step;
    if (step.kind === "perform") await perform(step.id, step.action);
    else if (step.kind === "authorize") await authorize(step.choice, step.refused);
    else if (step.kind === "wait") await sleepUntil(step.until);
    else if (step.kind === "emulate") await emulate(step);
    else if (await printed(step.output)) {
      // Where even this cannot be written, the code has to do.
      if (step.errors.length > 0) await host.write("stderr", step.errors).catch(() => undefined);
      return step.code;
    }
  }

  /** Whether it could be written to standard output; if not, the program says so next. */
  async function printed(output: Uint8Array | string): Promise<boolean> {
    if (output.length === 0) return true;
    try {
      await host.write("stdout", output);
      return true;
    } catch (error) {
      call(() => program.unwritten(failure(error).detail));
      return false;
    }
  }

  async function perform(id: number, action: Action): Promise<void> {
    const outcome = await outcomeOf(action);
    call(() => internals.report(program, id, outcome));
  }

  async function outcomeOf(action: Action) {
    if (action.type === "http") return send(action, host.fetch, { maxBody: MAX_BODY });
    const kind = ({ readFile: "file", readInput: "file", readVariable: "variable", sign: "signing" } as const)[action.type];
    try {
      if (action.type === "readFile") return { content: internals.readFile(action.path) };
      if (action.type === "readInput") return { content: await host.readInput() };
      if (action.type === "sign") return { signature: await signed(action.input) };
      const value = host.variables[action.name];
      if (value !== undefined) return { content: new TextEncoder().encode(value) };
      return { kind, detail: "it is not set" };
    } catch (error) {
      return { kind, detail: failure(error).detail } satisfies Failure;
    }
  }

  async function signed(input: Uint8Array): Promise<Uint8Array> {
    const signers = new internals.KeySigners(() => call(() => program.exposeSigningKey()) ?? new Uint8Array());
    return internals.sign(signers.choose(undefined), input);
  }

  async function authorize(choice: Choice, refused: string | undefined): Promise<void> {
    try {
      credentials ??= credentialsOf(choice, host.variables, host.fetch);
      if (refused !== undefined) credentials.invalidate(refused);
      const { value, issuedAt, expiresAt } = await credentials.getToken(undefined);
      call(() => program.authorize(value, issuedAt, expiresAt));
    } catch (error) {
      if (!(error instanceof YcIamError)) throw error;
      const { code, message, hint, status, requestId } = error;
      call(() => program.fail(code, message, hint, status, requestId));
    }
  }

  async function emulate(settings: EmulatorSettings): Promise<void> {
    const announce = (url: string, keyFile: string): Promise<boolean> =>
      printed(call(() => program.announcement(url, keyFile)));
    const failed = await runEmulator(settings, announce, () => host.interrupted());
    call(() => program.emulated(failed?.kind, failed?.detail));
  }
}

/** This process. */
function processHost(): CommandHost {
  return {
    variables: process.env,
    stdinIsTerminal: isatty(0),
    fetch: internals.globalFetch,
    readInput: standardInput,
    write: async (to, text) => {
      const { fd } = process[to];
      // The stream takes a write to a file that was cut short for a whole one.
      if (isFile(fd)) writeFileSync(fd, text);
      else await written(process[to], text);
    },
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      }),
  };
}

/** By the stream: a pipe may be one that does not wait for its writer, whoever made it so. */
async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      checkLength(length);
    }
    return Buffer.concat(chunks);
  } finally {
    for (const chunk of chunks) chunk.fill(0);
  }
}

function written(stream: NodeJS.WriteStream, text: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: NodeJS.ErrnoException | null): void => {
      // Whoever reads may have had enough: `yc-iam … | head`.
      if (!error || error.code === "EPIPE") resolve();
      else reject(error);
    };
    // A failure is said to both.
    stream.once("error", done);
    stream.write(text, done);
  });
}

/** Before Node 20, Windows says it of files, and throws for consoles and pipes. */
function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2), processHost()).then((code) => {
    process.exitCode = code;
  });
}
