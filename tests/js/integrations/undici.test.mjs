// `yc-iam/integrations/undici`, with undici's own dispatchers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import { Agent, Client, fetch, FormData, interceptors, Pool, request } from "undici";
import { ycIam } from "yc-iam/integrations/undici";
import { emulatedCredentials, rejection, serve } from "../support/emulated.mjs";
import { picky } from "../support/picky.mjs";

function agent(t, ...all) {
  const plain = new Agent();
  t.after(() => plain.destroy());
  return plain.compose(...all);
}

describe("ycIam", () => {
  test("adds the token and keeps the rest, however headers are written", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    const dispatcher = agent(t, ycIam(creds, { origins: [url] }));
    const own = [
      { "x-own": "1", Authorization: "Basic theirs" },
      ["x-own", "1", "AUTHORIZATION", "Basic theirs"],
      new Map([["x-own", "1"]]),
      new Headers({ "x-own": "1", authorization: "Basic theirs" }),
    ];
    for (const headers of own) {
      const answer = await request(`${url}/path?a=1`, { dispatcher, method: "PUT", headers, body: "text" });
      assert.equal(await answer.body.text(), "text");
    }
    for (const one of received) {
      assert.equal(one.authorization, await creds.authorization());
      assert.deepEqual([one["x-own"], one.method, one.url], ["1", "PUT", "/path?a=1"]);
    }
    assert.equal(received.length, own.length);
    assert.equal(emulator.tokensIssued, 1);
  });

  test("works with undici's fetch", async (t) => {
    const { creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { url, received } = await picky(() => old);
    const dispatcher = agent(t, ycIam(creds, { origins: [url] }));
    assert.equal((await fetch(url, { dispatcher })).status, 200);
    assert.deepEqual(
      received.map(({ authorization }) => authorization),
      [old, await creds.authorization()],
    );
  });

  const form = new FormData();
  form.set("a", "1");
  const bodies = { none: null, text: "text", bytes: Buffer.from("bytes"), form };
  for (const [what, body] of Object.entries(bodies)) {
    test(`sends again after a 401: ${what}`, async (t) => {
      const { emulator, creds } = await emulatedCredentials();
      const old = await creds.authorization();
      const { url, received } = await picky(() => old);
      const answer = await request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] })), method: "POST", body });
      assert.equal(answer.statusCode, 200);
      const text = await answer.body.text();
      if (what === "form") assert.match(text, /name="a"/);
      else assert.equal(text, String(body ?? ""));
      assert.deepEqual(
        received.map(({ authorization }) => authorization),
        [old, await creds.authorization()],
      );
      assert.equal(emulator.tokensIssued, 2);
    });
  }

  test("does not send a stream again, but drops the token", async (t) => {
    const { creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { url, received } = await picky(() => old);
    const body = Readable.from(["stream"]);
    const answer = await request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] })), method: "POST", body });
    assert.equal(answer.statusCode, 401);
    assert.equal(await answer.body.text(), "stream");
    assert.equal(received.length, 1);
    assert.notEqual(await creds.authorization(), old);
  });

  test("gives the second 401 to the caller", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const url = await serve((request, response) => response.writeHead(401).end("no"));
    const answer = await request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] })) });
    assert.equal(answer.statusCode, 401);
    assert.equal(await answer.body.text(), "no");
    assert.equal(emulator.tokensIssued, 2);
  });

  test("gives the first 401 to the caller if there is no other token", async (t) => {
    const { creds } = await emulatedCredentials();
    const token = await creds.getToken();
    const same = { getToken: async () => token, invalidate: () => true };
    let requests = 0;
    const url = await serve((request, response) => (requests++, response.writeHead(401).end("no".repeat(50_000))));
    const answer = await request(url, { dispatcher: agent(t, ycIam(same, { origins: [url] })) });
    assert.equal(await answer.body.text(), "no".repeat(50_000));
    assert.equal(requests, 1);
  });

  test("sends no token where anybody could read it", async () => {
    const { emulator, creds } = await emulatedCredentials();
    assert.throws(() => ycIam(creds, { origins: ["https://example.com", "http://example.com"] }), { code: "insecure_endpoint" });
    assert.equal(emulator.tokensIssued, 0);
  });

  test("wants to know where tokens may go", async () => {
    const { creds } = await emulatedCredentials();
    const text = "https://secret.example.com";
    for (const options of [undefined, {}, { origin: text }, { origins: text }, { origins: [] }]) {
      assert.throws(() => ycIam(creds, options), { name: "TypeError", message: /`origins`/ });
    }
    assert.throws(() => ycIam(creds, { origins: ["example.com"] }), { name: "TypeError", message: /`origins`.*no URL/ });
  });

  test("leaves requests to other places as they are", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "Basic theirs");
    const dispatcher = agent(t, ycIam(creds, { origins: ["https://example.com", url.replace("http:", "https:")] }));
    const answer = await request(url, { dispatcher, headers: { authorization: "Basic theirs" } });
    assert.equal(answer.statusCode, 401);
    await answer.body.dump();
    assert.deepEqual(received.map(({ authorization }) => authorization), ["Basic theirs"]);
    assert.equal(emulator.tokensIssued, 0);
  });

  test("sends what it looked at, whatever becomes of it meanwhile", async (t) => {
    const { creds } = await emulatedCredentials();
    const [{ url, received }, away] = [await picky(() => "none"), await picky(() => "none")];
    const leads = (dispatch) => (options, handler) => {
      const goesOn = dispatch(options, handler);
      options.origin = away.url;
      return goesOn;
    };
    await (await request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] }), leads) })).body.dump();
    assert.deepEqual([received.length, away.received.length], [1, 0]);
  });

  test("takes an origin however it is written", async (t) => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    for (const origin of [url, `${url}/path?a=1`, new URL(url), url.replace("http:", "HTTP:")]) {
      await (await request(url, { dispatcher: agent(t, ycIam(creds, { origins: [origin] })) })).body.dump();
    }
    assert.deepEqual(received.map(({ authorization }) => authorization), Array(4).fill(await creds.authorization()));
  });

  describe("sends no token to where a redirect leads", () => {
    const plain = (url, dispatcher) => request(url, { dispatcher }).then(({ statusCode, body }) => body.dump().then(() => statusCode));
    const ways = {
      "undici's fetch": [[[]], (url, dispatcher) => fetch(url, { dispatcher }).then(({ status }) => status)],
      "Node's fetch": [[[]], (url, dispatcher) => globalThis.fetch(url, { dispatcher }).then(({ status }) => status)],
      "the interceptor": [[["redirect"]], plain],
      "the interceptor, and one for retries": [[["retry", "redirect"], ["redirect", "retry"]], plain],
    };
    for (const [way, [others, send]] of Object.entries(ways)) {
      const orders = others.flatMap((all) => [...all, "last"].map((_, at) => [...all.slice(0, at), "ycIam", ...all.slice(at)]));
      for (const composed of orders) {
        test(`${way}: ${composed.join(", ")}`, async (t) => {
          const { creds } = await emulatedCredentials();
          const away = await picky(() => "none");
          const received = [];
          const url = await serve((request, response) => {
            received.push(request.headers.authorization);
            response.writeHead(302, { location: `${away.url}/` }).end();
          });
          const made = {
            ycIam: ycIam(creds, { origins: [url] }),
            redirect: interceptors.redirect({ maxRedirections: 1 }),
            retry: interceptors.retry(),
          };
          assert.equal(await send(url, agent(t, ...composed.map((name) => made[name]))), 200);
          assert.deepEqual(received, [await creds.authorization()]);
          assert.deepEqual(away.received.map(({ authorization }) => authorization), [undefined]);
        });
      }
    }
  });

  test("of a client, which does not say where it leads to", async (t) => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    for (const Kind of [Client, Pool]) {
      const client = new Kind(url);
      t.after(() => client.destroy());
      const call = { method: "GET", path: "/" };
      const several = client.compose(ycIam(creds, { origins: [url, "https://example.com"] }));
      await assert.rejects(several.request(call), { name: "TypeError", message: /`origins`/ });
      await (await client.compose(ycIam(creds, { origins: [url] })).request(call)).body.dump();
    }
    assert.equal(received.length, 2);
    assert.equal(received[1].authorization, await creds.authorization());
  });

  test("listens to the signal while it waits for a token", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.orderFault({ delay: 0.2 });
    const { url, received } = await picky(() => "none");
    const controller = new AbortController();
    const answer = request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] })), signal: controller.signal });
    controller.abort(new Error("enough"));
    assert.equal((await rejection(answer)).message, "enough");
    assert.equal(received.length, 0);
  });

  test("fails as the credentials do", async (t) => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.orderFault({ status: 400 });
    const { url } = await picky(() => "none");
    assert.equal((await rejection(request(url, { dispatcher: agent(t, ycIam(creds, { origins: [url] })) }))).name, "YcIamError");
  });

  test("is there for `require` too", () => {
    assert.equal(createRequire(import.meta.url)("yc-iam/integrations/undici").ycIam, ycIam);
  });
});
