// `yc-iam/integrations/ydbjs-auth`: the provider of `@ydbjs/auth`, as its middleware works in a client of nice-grpc.
import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { CredentialsProvider } from "@ydbjs/auth";
import { credentialsProvider } from "yc-iam/integrations/ydbjs-auth";
import { emulatedCredentials, rejection } from "../support/emulated.mjs";
import { echo, echoServer } from "../support/grpc.mjs";

const header = "x-ydb-auth-ticket";
const SECURE = "grpcs://localhost:2135/local";
// The library's own copy: what its drivers use.
const its = createRequire(realpathSync(fileURLToPath(import.meta.resolve("@ydbjs/auth"))));
const { createChannel, createClientFactory } = its("nice-grpc");

/** nice-grpc has objects for messages. */
const methods = Object.fromEntries(
  Object.entries(echo).map(([name, method]) => [
    name,
    {
      ...method,
      requestSerialize: ({ text }) => Buffer.from(text),
      responseDeserialize: (bytes) => ({ text: bytes.toString() }),
    },
  ]),
);

async function prepared(t, refused) {
  const { emulator, creds } = await emulatedCredentials();
  const { address, received, cert } = await echoServer({ header, refused });
  const provider = credentialsProvider(creds, CredentialsProvider, `grpcs://${address}/local`);
  const channel = createChannel(address, its("@grpc/grpc-js").credentials.createSsl(cert));
  t.after(() => channel.close());
  return { emulator, creds, provider, received, client: createClientFactory().use(provider.middleware).create(methods, channel) };
}

describe("credentialsProvider", () => {
  test("is one of the library's", async () => {
    const { creds } = await emulatedCredentials();
    const provider = credentialsProvider(creds, CredentialsProvider, SECURE);
    assert.ok(provider instanceof CredentialsProvider);
    assert.equal(await provider.getToken(), (await creds.getToken()).value);
  });

  test("gets another token if it must", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const provider = credentialsProvider(creds, CredentialsProvider, SECURE);
    assert.equal(await provider.getToken(true), await provider.getToken(false));
    const first = await provider.getToken();
    assert.notEqual(await provider.getToken(true), first);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("sends the token with each call", async (t) => {
    const { emulator, creds, received, client } = await prepared(t);
    assert.deepEqual(await client.say({ text: "hello" }), { text: "hello" });
    const letters = [];
    for await (const letter of client.list({ text: "abc" })) letters.push(letter.text);
    assert.deepEqual(letters, ["a", "b", "c"]);
    for (const one of received) assert.equal(one[header], (await creds.getToken()).value);
    assert.equal(emulator.tokensIssued, 1);
  });

  test("makes a call once more", async (t) => {
    let old;
    const { creds, received, client } = await prepared(t, () => old);
    old = (await creds.getToken()).value;
    assert.deepEqual(await client.say({ text: "hello" }), { text: "hello" });
    assert.deepEqual(
      received.map((one) => one[header]),
      [old, (await creds.getToken()).value],
    );
  });

  test("does not repeat a stream, but drops the token", async (t) => {
    let old;
    const { creds, received, client } = await prepared(t, () => old);
    old = (await creds.getToken()).value;
    const error = await rejection(client.list({ text: "abc" })[Symbol.asyncIterator]().next());
    assert.equal(error.code, grpc.status.UNAUTHENTICATED);
    assert.equal(received.length, 1);
    assert.notEqual((await creds.getToken()).value, old);
  });

  test("gives up after the second refusal", async (t) => {
    const { emulator, received, client } = await prepared(t, () => received.at(-1)[header]);
    assert.equal((await rejection(client.say({ text: "hello" }))).code, grpc.status.UNAUTHENTICATED);
    assert.equal(received.length, 2);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("sends no token where anybody could read it", async () => {
    const { creds } = await emulatedCredentials();
    const made = (place) => () => credentialsProvider(creds, CredentialsProvider, place);
    for (const place of ["grpc://ydb.example.com:2136/local", "grpc://localhost.example.com/"]) {
      assert.throws(made(place), { code: "insecure_endpoint" }, place);
    }
    assert.ok(made("grpc://localhost:2136/local")());
    assert.ok(made(new URL("grpcs://ydb.example.com:2135/?database=/local"))());
  });

  test("listens to the signal while it waits for a token", async (t) => {
    const { emulator, received, client } = await prepared(t);
    emulator.orderFault({ delay: 0.2 });
    const controller = new AbortController();
    const answer = client.say({ text: "hello" }, { signal: controller.signal });
    controller.abort(new Error("enough"));
    assert.match(String((await rejection(answer)).message), /enough|aborted/);
    assert.equal(received.length, 0);
  });
});

test("is there for `require` too", () => {
  assert.equal(createRequire(import.meta.url)("yc-iam/integrations/ydbjs-auth").credentialsProvider, credentialsProvider);
});
