// `yc-iam/integrations/grpc-js`, between a real client and a real server of `@grpc/grpc-js`.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { callCredentials, channelCredentials, renewingInterceptor } from "yc-iam/integrations/grpc-js";
import { emulatedCredentials, rejection, signalled } from "../support/emulated.mjs";
import { Echo, echoServer } from "../support/grpc.mjs";

async function prepared(t, refused = () => undefined) {
  const { emulator, creds } = await emulatedCredentials();
  const { address, received, cert } = await echoServer({ refused });
  const client = (channel, interceptors = []) => {
    const made = new Echo(address, channel, { interceptors });
    t.after(() => made.close());
    return made;
  };
  const channel = channelCredentials(creds, grpc, grpc.credentials.createSsl(cert));
  return { emulator, creds, address, received, cert, client, channel };
}

const say = (client, text, options = {}) =>
  new Promise((resolve, reject) =>
    client.say(text, new grpc.Metadata(), options, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

async function list(client, text) {
  const all = [];
  for await (const letter of client.list(text)) all.push(letter);
  return all;
}

describe("channelCredentials", () => {
  test("sends the token with each call", async (t) => {
    const { emulator, creds, received, client, channel } = await prepared(t);
    const made = client(channel);
    assert.equal(await say(made, "hello"), "hello");
    assert.deepEqual(await list(made, "abc"), ["a", "b", "c"]);
    assert.equal(creds.invalidate(await creds.getToken()), true);
    assert.equal(await say(made, "again"), "again");
    const tokens = received.map(({ authorization }) => authorization);
    assert.equal(tokens[0], tokens[1]);
    assert.notEqual(tokens[1], tokens[2]);
    assert.equal(tokens[2], await creds.authorization());
    assert.equal(emulator.tokensIssued, 2);
  });

  test("are not made for an insecure channel", async () => {
    const { creds } = await emulatedCredentials();
    assert.throws(() => channelCredentials(creds, grpc, grpc.credentials.createInsecure()), /insecure/);
  });

  test("fail as the credentials do, without a secret", async (t) => {
    const { emulator, creds, client, channel, received } = await prepared(t);
    emulator.orderFault({ status: 400, times: 9 });
    const made = client(channel, [renewingInterceptor(creds, grpc)]);
    const error = await rejection(say(made, "hello"));
    const { message } = await rejection(creds.getToken());
    assert.equal(error.code, grpc.status.UNAUTHENTICATED);
    assert.ok(error.details.includes(message), error.details);
    assert.equal(received.length, 0);
  });

  test("listen to a deadline while they wait for a token", async (t) => {
    const { emulator, client, channel, received } = await prepared(t);
    emulator.orderFault({ delay: 0.5 });
    const error = await rejection(say(client(channel), "hello", { deadline: Date.now() + 100 }));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.equal(received.length, 0);
  });
});

describe("callCredentials", () => {
  test("combine with others, and go with one call", async (t) => {
    const { creds, received, cert, client } = await prepared(t);
    const other = grpc.credentials.createFromMetadataGenerator((_, callback) => {
      const metadata = new grpc.Metadata();
      metadata.set("x-own", "1");
      callback(null, metadata);
    });
    const both = grpc.credentials.combineCallCredentials(callCredentials(creds, grpc), other);
    const made = client(grpc.credentials.createSsl(cert));
    assert.equal(await say(made, "hello", { credentials: both }), "hello");
    assert.equal(received[0]["x-own"], "1");
    assert.equal(received[0].authorization, await creds.authorization());
  });
});

describe("renewingInterceptor", () => {
  async function refused(t) {
    let old;
    const all = await prepared(t, () => old);
    old = await all.creds.authorization();
    const made = all.client(all.channel, [renewingInterceptor(all.creds, grpc)]);
    return { ...all, old, made };
  }

  test("makes a call once more", async (t) => {
    const { emulator, creds, received, made, old } = await refused(t);
    assert.equal(await say(made, "hello"), "hello");
    assert.deepEqual(
      received.map(({ authorization }) => authorization),
      [old, await creds.authorization()],
    );
    assert.equal(emulator.tokensIssued, 2);
  });

  test("does so too where the service streams", async (t) => {
    const { received, made } = await refused(t);
    assert.deepEqual(await list(made, "abc"), ["a", "b", "c"]);
    assert.equal(received.length, 2);
  });

  test("keeps the metadata and does without a deadline or with one", async (t) => {
    const { received, made } = await refused(t);
    const metadata = new grpc.Metadata();
    metadata.set("x-own", "1");
    const deadline = new Date(Date.now() + 20_000);
    const answer = await new Promise((resolve, reject) =>
      made.say("hello", metadata, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    assert.equal(answer, "hello");
    assert.deepEqual(
      received.map((one) => one["x-own"]),
      ["1", "1"],
    );
  });

  test("takes a deadline between two milliseconds", async (t) => {
    const { made } = await refused(t);
    assert.equal(await say(made, "hello", { deadline: Date.now() + 20_000.5 }), "hello");
  });

  test("does not send a stream again, but drops the token", async (t) => {
    const { creds, received, made, old } = await refused(t);
    const send = () =>
      new Promise((resolve, reject) => {
        const call = made.send((error, answer) => (error ? reject(error) : resolve(answer)));
        call.write("a");
        call.end("b");
      });
    assert.equal((await rejection(send())).code, grpc.status.UNAUTHENTICATED);
    assert.equal(received.length, 1);
    assert.notEqual(await creds.authorization(), old);
    assert.equal(await send(), "ab");
  });

  test("gives up after the second refusal", async (t) => {
    const current = {};
    const { emulator, creds, client, channel, received } = await prepared(t, () => current.token);
    // Whatever it is, it is refused.
    Object.defineProperty(current, "token", { get: () => received.at(-1).authorization });
    const error = await rejection(say(client(channel, [renewingInterceptor(creds, grpc)]), "hello"));
    assert.equal(error.code, grpc.status.UNAUTHENTICATED);
    assert.equal(error.details, "who are you");
    assert.equal(received.length, 2);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("can be cancelled while it waits for another token", async (t) => {
    const { emulator, creds, received, client, channel } = await refused(t);
    const { promise, done } = signalled();
    const watched = {
      getToken: (options) => creds.getToken(options),
      invalidate: (token) => (emulator.orderFault({ delay: 0.3 }), done(), creds.invalidate(token)),
    };
    const made = client(channel, [renewingInterceptor(watched, grpc)]);
    let call;
    const answer = new Promise((done) => (call = made.say("hello", (error) => done(error))));
    await promise;
    call.cancel();
    assert.notEqual((await answer).code, grpc.status.OK);
    assert.equal(received.length, 1);
  });

  test("leaves other calls alone", async (t) => {
    const { creds, client, channel, received } = await prepared(t);
    const made = client(channel, [renewingInterceptor(creds, grpc)]);
    assert.equal(await say(made, "hello"), "hello");
    assert.deepEqual(await list(made, "abc"), ["a", "b", "c"]);
    assert.equal(received.length, 2);
  });
});

test("is there for `require` too", () => {
  assert.equal(createRequire(import.meta.url)("yc-iam/integrations/grpc-js").callCredentials, callCredentials);
});
