// The command `yc-iam`: tests/vectors/commands.json through the function that the executable runs, and the executable.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { glue } from "./support/calls.mjs";
import { directory, emulated, signalled } from "./support/emulated.mjs";
import { installed, vectors } from "./support/files.mjs";
import { bytes, keyContent } from "./support/values.mjs";

const require = createRequire(import.meta.url);
const executable = path.join(installed, "dist/cli.cjs");
const { main } = require(executable);

const content = (given) => (given.key === undefined ? bytes(given) : keyContent(given.key));

/** Answers requests in their order, and remembers them. */
function service(answers) {
  const requests = [];
  const left = [...answers];
  const fetch = async (url, { method, headers, body }) => {
    const authorization = headers.find(([name]) => name === "authorization")?.[1];
    requests.push({ method, url, authorization, body });
    const answer = left.shift();
    if (answer === undefined) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED", message: "nobody" } });
    if (answer.break !== undefined) throw failure(answer);
    const body_ = answer.body === undefined ? null : bytes(answer.body);
    return new Response(body_?.length ? body_ : null, { status: answer.status, headers: answer.headers });
  };
  return { requests, fetch };
}

const CODES = { timeout: "ETIMEDOUT", tls: "ERR_TLS_CERT_ALTNAME_INVALID", connection: "ECONNREFUSED" };

function failure({ break: kind, detail: message }) {
  return new TypeError("fetch failed", { cause: { code: CODES[kind], message } });
}

/** Runs the command with everything around it made up; where it waits, time passes. */
async function run(t, { arguments: given, environment = {}, now, files = {}, stdin, answers = [], unwritten }) {
  const { requests, fetch } = service(answers);
  const { closeSync, openSync, readSync } = fs;
  t.mock.method(fs, "openSync", (file, ...rest) => {
    if (String(file).startsWith(installed)) return openSync(file, ...rest);
    if (files[file] === undefined) throw Object.assign(new Error("ENOENT: no such file or directory"), { code: "ENOENT" });
    return { rest: content(files[file]) };
  });
  t.mock.method(fs, "readSync", (file, buffer, at, length, ...rest) => {
    if (typeof file === "number") return readSync(file, buffer, at, length, ...rest);
    const piece = file.rest.subarray(0, length);
    buffer.set(piece, at);
    file.rest = file.rest.subarray(piece.length);
    return piece.length;
  });
  t.mock.method(fs, "closeSync", (file) => typeof file === "number" && closeSync(file));
  const before = process.env;
  process.env = environment;
  const written = { stdout: [], stderr: [] };
  const host = {
    variables: environment,
    stdinIsTerminal: stdin === undefined,
    fetch,
    readInput: async () => content(stdin),
    write: async (to, text) => {
      if (to === "stdout" && unwritten !== undefined) throw new Error(unwritten);
      written[to].push(Buffer.from(text));
    },
    interrupted: async () => undefined,
  };
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: now * 1000 });
  try {
    let code;
    const running = main(given, host).then((ended) => (code = ended));
    running.catch(() => (code ??= -1));
    while (code === undefined) {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      if (code === undefined) t.mock.timers.tick(250);
    }
    await running;
    return { code, requests, stdout: Buffer.concat(written.stdout), stderr: String(Buffer.concat(written.stderr)) };
  } finally {
    process.env = before;
    t.mock.timers.reset();
    t.mock.restoreAll();
  }
}

function assertJwt(jwt, { header, claims }) {
  const [head, body, signature] = jwt.trim().split(".");
  const decoded = (part) => String(Buffer.from(part, "base64url"));
  for (const [found, expected] of [[head, header], [body, claims]]) {
    if (typeof expected === "string") assert.equal(decoded(found), expected);
    else assert.deepEqual(JSON.parse(decoded(found)), expected);
  }
  assert.equal(Buffer.from(signature, "base64url").length, 256);
}

/** What the program says of an emulator that is not run here. */
function assertEmulator({ arguments: args, environment, now, emulate, ...given }) {
  const program = new glue.Program(args, environment, new Uint8Array(16), true);
  const { port, keyFile, tokenLifetime, clockTolerance } = program.poll(now);
  const { running, break: kind, detail, ...settings } = emulate;
  const { unwritten } = given;
  const found = { port, key_file: keyFile, token_lifetime: tokenLifetime, clock_tolerance: clockTolerance };
  assert.deepEqual(JSON.parse(JSON.stringify(found)), settings);
  if (running?.says) assert.equal(program.announcement(running.url, running.key_file), running.says);
  if (unwritten !== undefined) program.unwritten(unwritten);
  program.emulated(kind, detail);
  const { code, output, errors } = program.poll(now);
  assert.equal(code, given.code);
  assert.equal(String(Buffer.from(output)), "");
  for (const said of given.errors_say ?? []) assert.ok(errors.includes(said), errors);
  for (const [name, value] of Object.entries(given.errors_json ?? {})) {
    assert.deepEqual(JSON.parse(errors).error[name], value, name);
  }
}

describe("commands", () => {
  for (const given of vectors("commands")) {
    if (given.emulate) test(given.name, () => assertEmulator(given));
    else test(given.name, async (t) => {
      const { code, requests, stdout, stderr } = await run(t, given);
      const output = String(stdout);
      const seen = `${output}${stderr}`;
      if ("code" in given) assert.equal(code, given.code, seen);
      if (code <= 1) assert.equal(stderr, "");
      else assert.equal(output, "");
      if (given.output) assert.deepEqual(stdout, Buffer.from(bytes(given.output)));
      if ("output_json" in given) {
        assert.ok(output.endsWith("\n"));
        assert.deepEqual(JSON.parse(output), given.output_json);
      }
      if (given.output_jwt) assertJwt(output, given.output_jwt);
      for (const said of given.output_says ?? []) assert.ok(output.includes(said), `\`${said}\` is not in ${output}`);
      for (const said of given.errors_say ?? []) assert.ok(stderr.includes(said), `\`${said}\` is not in ${stderr}`);
      for (const said of given.errors_hide ?? []) assert.ok(!stderr.includes(said), `\`${said}\` is in ${stderr}`);
      for (const hidden of given.hides ?? []) assert.ok(!seen.includes(hidden), `\`${hidden}\` is in ${seen}`);
      for (const [name, value] of Object.entries(given.errors_json ?? {})) {
        assert.deepEqual(JSON.parse(stderr).error[name], value, name);
      }
      if (!given.requests) return;
      const compared = requests.map((request, at) => {
        const { body, ...rest } = request;
        const expected = given.requests[at];
        return expected !== undefined && "body" in expected ? { ...rest, body } : rest;
      });
      const plain = (list) => JSON.parse(JSON.stringify(list));
      assert.deepEqual(plain(compared), given.requests);
    });
  }
});

/** Starts the executable as the package's `bin` names it. */
function command(args, environment = {}) {
  const { bin } = require("yc-iam/package.json");
  return [process.execPath, [path.join(installed, bin["yc-iam"]), ...args], { env: { ...process.env, ...environment } }];
}

const started = promisify(execFile);

/** Runs a line of a shell, in which `yc-iam` is the executable. */
async function shell(line, variables) {
  const script = line.replaceAll("yc-iam", '"$NODE" "$COMMAND"');
  const env = { ...process.env, NODE: process.execPath, COMMAND: executable, ...variables };
  const { code = 0, stdout, stderr } = await started("sh", ["-c", script], { env }).catch((error) => error);
  return { code, stdout, stderr };
}

describe("the executable", () => {

  test("says its version and its mistakes", async () => {
    const { version } = require("yc-iam/package.json");
    assert.equal((await started(...command(["--version"]))).stdout, `yc-iam ${version}\n`);
    const error = await started(...command(["tokn"])).catch((error) => error);
    assert.equal(error.code, 2);
    assert.equal(error.stdout, "");
    assert.match(error.stderr, /token/);
  });

  test("is found by npm, and may be executed", () => {
    assert.match(fs.readFileSync(executable, "utf8"), /^#!\/usr\/bin\/env node\n/);
    const link = path.join(installed, "../.bin/yc-iam");
    assert.match(execFileSync(link, ["--version"], { encoding: "utf8" }), /^yc-iam \d/);
  });

  test("gets a token, by a key in a file and on standard input", async (t) => {
    const { emulator, keyFile } = await emulated();
    const file = path.join(directory(t), "key.json");
    fs.writeFileSync(file, keyFile);
    const given = ["--endpoint", emulator.url];
    const { stdout } = await started(...command(["token", "--key-file", file, ...given]));
    assert.match(stdout, /^t1\.\S+\n$/);
    const child = spawn(...command(["token", "--key-file", "-", ...given]));
    child.stdin.end(keyFile);
    let output = "";
    for await (const chunk of child.stdout) output += chunk;
    assert.match(output, /^t1\.\S+\n$/);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("reads standard input from a writer that takes its time", { skip: process.platform === "win32" }, async (t) => {
    const file = path.join(directory(t), "key.json");
    fs.writeFileSync(file, keyContent("plain"));
    const late = '{ "$NODE" -e ""; yc-iam jwt --key-file "$KEY"; }';
    const { stdout, stderr } = await shell(`${late} | yc-iam explain -`, { KEY: file });
    assert.match(stdout, /PS256/);
    assert.equal(stderr, "");
  });

  test("runs the emulator until it is interrupted, and takes the key away", async () => {
    const child = spawn(...command(["emulator", "--format", "json"]));
    const announced = signalled();
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
      if (output.endsWith("\n")) announced.done();
    });
    await announced.promise;
    const texts = Object.values(JSON.parse(output));
    const keyFile = texts.find((text) => String(text).endsWith("key.json"));
    const url = texts.find((text) => String(text).startsWith("http"));
    const { stdout } = await started(...command(["token", "--key-file", keyFile, "--endpoint", url]));
    assert.match(stdout, /^t1\./);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGINT");
    assert.equal(await ended, 0);
    assert.equal(fs.existsSync(keyFile), false);
  });

  describe("with its output gone wrong", { skip: process.platform !== "linux" }, () => {
    test("says that it cannot be written", async (t) => {
      for (const redirected of ["> /dev/full", '> "$FILE"']) {
        const file = path.join(directory(t), "out");
        const { code, stderr } = await shell(`ulimit -f 1; yc-iam token --help ${redirected}`, { FILE: file });
        assert.equal(code, 4, stderr);
        assert.match(stderr, /^yc-iam: the output cannot be written: `E(NOSPC|FBIG): [^`]+`\n  [^\n]+\n$/);
      }
    });

    test("ends with its code where nobody reads, or nothing can", async (t) => {
      const file = path.join(directory(t), "empty");
      fs.writeFileSync(file, "");
      for (const redirected of ["", ">&-", "2>&-", "2>/dev/full"]) {
        assert.equal((await shell(`yc-iam explain "$FILE" ${redirected}`, { FILE: file })).code, 1, redirected);
      }
      // The reader has ended before the command begins.
      const line = 'exec 3>&1; mkfifo "$FIFO"; { read gone < "$FIFO"; yc-iam explain "$FILE"; echo $? >&3; } | { exec 0<&-; echo > "$FIFO"; }';
      const { stdout, stderr } = await shell(line, { FILE: file, FIFO: `${file}.fifo` });
      assert.deepEqual([stdout, stderr], ["1\n", ""]);
    });

    test("leaves no key where the emulator cannot be announced", async (t) => {
      const at = directory(t);
      const { code, stderr } = await shell("yc-iam emulator > /dev/full", { TMPDIR: at });
      assert.equal(code, 4, stderr);
      assert.match(stderr, /the output cannot be written/);
      assert.deepEqual(fs.readdirSync(at), []);
      const nowhere = await shell("yc-iam emulator", { TMPDIR: path.join(at, "none") });
      assert.equal(nowhere.code, 4, nowhere.stderr);
      assert.match(nowhere.stderr, /^yc-iam: the key cannot be written to a temporary directory: /);
    });
  });

  test("says why the emulator cannot run", async (t) => {
    const { emulator } = await emulated();
    const { port } = new URL(emulator.url);
    const taken = await started(...command(["emulator", "--port", port])).catch((error) => error);
    assert.equal(taken.code, 2);
    assert.ok(taken.stderr.includes(`port ${port} of 127.0.0.1`), taken.stderr);
    const file = path.join(directory(t), "key.json");
    fs.writeFileSync(file, "mine");
    const there = await started(...command(["emulator", "--write-key-file", file])).catch((error) => error);
    assert.equal(there.code, 4);
    assert.equal(there.stdout, "");
    assert.equal(fs.readFileSync(file, "utf8"), "mine");
  });
});
