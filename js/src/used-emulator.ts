// An emulator for each test of a suite, by the hooks of whatever runs the tests.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey } from "./issuer.js";
import { Credentials } from "./node.js";
import type { Emulator } from "./testing.js";

/** Registers a function that runs before or after each test, as `node:test`, vitest, jest and mocha have them. */
export type TestHook = (run: (context?: any) => Promise<void>) => unknown;

/** A test runner's hooks. */
export interface TestHooks {
  /** What the runner calls before each test. */
  beforeEach: TestHook;
  /** What it calls after each test. */
  afterEach: TestHook;
}

/** What `useEmulator` gives: for each test another emulator. */
export class UsedEmulator {
  readonly #start: () => Promise<Emulator>;
  #emulator: Emulator | undefined;
  #stop: (() => Promise<void>) | undefined;

  /** @internal */
  constructor(start: () => Promise<Emulator>, { beforeEach, afterEach }: TestHooks) {
    this.#start = start;
    beforeEach(() => this.#set());
    afterEach(withoutParameters((context) => this.#unset(context)));
  }

  /** This test's emulator. Throws outside of tests. */
  get emulator(): Emulator {
    if (this.#emulator === undefined) throw new Error("there is an emulator only while a test runs: ask within the test");
    return this.#emulator;
  }

  /** Credentials that it takes, as code under test finds them in the environment. */
  credentials(): Credentials {
    return Credentials.default({ endpoints: this.emulator.endpoints });
  }

  async #set(): Promise<void> {
    const emulator = await this.#start();
    const directory = mkdtempSync(join(tmpdir(), "yc-iam-"));
    const keyFile = join(directory, "key.json");
    writeFileSync(keyFile, emulator.serviceAccountKey({ privateKey: sharedPrivateKey() }), { mode: 0o600 });
    const restore = setVariables({
      YC_IAM_ENDPOINT: emulator.url,
      YC_SERVICE_ACCOUNT_KEY_FILE: keyFile,
      YC_METADATA_ADDR: undefined,
    });
    this.#emulator = emulator;
    this.#stop = async () => {
      restore();
      rmSync(directory, { recursive: true, force: true });
      await emulator.stop();
    };
  }

  async #unset(context: unknown): Promise<void> {
    const [emulator, stop] = [this.#emulator, this.#stop];
    this.#emulator = this.#stop = undefined;
    if (emulator !== undefined && hasFailed(context)) {
      console.error(`yc-iam emulator:\n${emulator.log() || "it received nothing"}`);
    }
    await stop?.();
  }
}

/** The hooks of the runner that runs this file, where it can be told. */
export function runningHooks(): TestHooks {
  const { beforeEach, afterEach } = globalThis as Partial<TestHooks>;
  if (beforeEach !== undefined && afterEach !== undefined) return { beforeEach, afterEach };
  if (process.env["VITEST"] !== undefined) {
    throw new Error('vitest has no globals here: import `beforeEach` and `afterEach` from "vitest" and pass them to `useEmulator`');
  }
  return require("node:test") as typeof import("node:test");
}

/** Making a key takes a tenth of a second and more. */
let privateKey: string | undefined;
function sharedPrivateKey(): string {
  return (privateKey ??= generatePrivateKey());
}

/** Sets and unsets variables; what it gives puts back what was there. */
function setVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const assign = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  for (const [name, value] of Object.entries(variables)) assign(name, value);
  return () => before.forEach(([name, value]) => assign(name, value));
}

/** The same with no parameter in sight: jest would wait for a callback, and vitest would read its name. */
function withoutParameters(run: (context?: unknown) => Promise<void>): () => Promise<void> {
  return function () {
    return run(arguments[0]);
  };
}

/** What the runner's context says: `node:test` has `error`, vitest `task.result`, jest nothing. */
function hasFailed(context: unknown): boolean {
  const { error, task } = (context ?? {}) as { error?: unknown; task?: { result?: { state?: string } } };
  return (error !== undefined && error !== null) || task?.result?.state === "fail";
}
