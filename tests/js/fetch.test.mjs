// `creds.fetch`, and a `fetch` of the caller's own.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Credentials } from "yc-iam";
import { emulated, emulatedCredentials, rejection, serve, signalled } from "./support/emulated.mjs";

/** A server that wants another token than this, and tells what it got. */
async function picky(refused) {
  const received = [];
  const url = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ ...request.headers, method: request.method, url: request.url, body });
    response.writeHead(request.headers.authorization === refused() ? 401 : 200).end(body);
  });
  return { url, received };
}

describe("creds.fetch", () => {
  test("adds the token and keeps the rest", async () => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    const answer = await creds.fetch(`${url}/path`, { method: "PUT", headers: { "x-own": "1" }, body: "text" });
    assert.equal(await answer.text(), "text");
    assert.equal(received[0].authorization, await creds.authorization());
    assert.equal(received[0]["x-own"], "1");
    assert.equal(received[0].method, "PUT");
  });

  test("can be passed on, and so can what gives tokens", async () => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    const client = { fetch: creds.fetch };
    const { fetch, getToken, authorization } = creds;
    assert.equal((await client.fetch(url)).status, 200);
    assert.equal((await fetch(url)).status, 200);
    assert.equal(received[1].authorization, await authorization());
    assert.equal(await getToken(), await creds.getToken());
    assert.deepEqual(Object.keys(creds), []);
  });

  const bodies = {
    none: [undefined, ""],
    text: ["text", "text"],
    bytes: [new TextEncoder().encode("bytes"), "bytes"],
    buffer: [new TextEncoder().encode("buffer").buffer, "buffer"],
    form: [new URLSearchParams({ a: "1" }), "a=1"],
    blob: [new Blob(["blob"]), "blob"],
  };
  for (const [what, [body, text]] of Object.entries(bodies)) {
    test(`sends again after a 401: ${what}`, async () => {
      const { emulator, creds } = await emulatedCredentials();
      const old = await creds.authorization();
      const { url, received } = await picky(() => old);
      const answer = await creds.fetch(new URL(url), { method: body === undefined ? "GET" : "POST", body });
      assert.equal(answer.status, 200);
      assert.deepEqual(
        received.map(({ body }) => body),
        [text, text],
      );
      assert.equal(received[1].authorization, await creds.authorization());
      assert.equal(emulator.tokensIssued, 2);
    });
  }

  test("leaves no refusal open that nobody will read", { timeout: 30_000 }, async () => {
    const { emulator, keyFile } = await emulated();
    const closed = signalled();
    const enough = new AbortController();
    const url = await serve((request, response) => {
      request.socket.on("close", closed.done);
      response.writeHead(401).write("no");
    });
    const sent = (input, init) => {
      // While the token is renewed, the caller loses patience.
      if (emulator.tokensIssued === 1 && String(input).startsWith(emulator.url)) enough.abort(new Error("enough"));
      return fetch(input, init);
    };
    const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, fetch: sent });
    assert.equal((await rejection(creds.fetch(url, { signal: enough.signal }))).message, "enough");
    await closed.promise;
  });

  test("gives the 401 where there is no other token", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const url = await serve((request, response) => {
      emulator.orderFault({ status: 400 });
      response.writeHead(401).end("this is why");
    });
    const answer = await creds.fetch(url);
    assert.deepEqual([answer.status, await answer.text()], [401, "this is why"]);
    const fixed = await Credentials.fixed("t1.fixed").fetch(url);
    assert.deepEqual([fixed.status, await fixed.text()], [401, "this is why"]);
  });

  test("does not send a stream again, but drops the token", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { url, received } = await picky(() => old);
    const body = new Blob(["stream"]).stream();
    const answer = await creds.fetch(url, { method: "POST", body, duplex: "half" });
    assert.equal(answer.status, 401);
    assert.equal(received.length, 1);
    assert.notEqual(await creds.authorization(), old);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("does not send the body of a Request again where Request does not show it", async (t) => {
    const { creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { url, received } = await picky(() => old);
    const body = Object.getOwnPropertyDescriptor(Request.prototype, "body");
    delete Request.prototype.body;
    t.after(() => Object.defineProperty(Request.prototype, "body", body));
    const answer = await creds.fetch(new Request(url, { method: "POST", body: "once" }));
    assert.deepEqual([answer.status, await answer.text(), received.length], [401, "once", 1]);
  });

  test("takes a Request, and sends it again if it has no body", async () => {
    const { creds } = await emulatedCredentials();
    const old = await creds.authorization();
    const { url, received } = await picky(() => old);
    const answer = await creds.fetch(new Request(url, { headers: { "x-own": "1" } }));
    assert.equal(answer.status, 200);
    assert.deepEqual(
      received.map((request) => request["x-own"]),
      ["1", "1"],
    );
    const refused = await creds.authorization();
    const other = await picky(() => refused);
    const post = await creds.fetch(new Request(other.url, { method: "POST", body: "text" }));
    assert.equal(post.status, 401);
    assert.equal(other.received.length, 1);
  });

  test("gives up after the second 401", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const url = await serve((request, response) => response.writeHead(401).end("no"));
    const answer = await creds.fetch(url);
    assert.equal(answer.status, 401);
    assert.equal(await answer.text(), "no");
    assert.equal(emulator.tokensIssued, 2);
  });

  test("sends no token where anybody could read it", async () => {
    const sent = [];
    const { emulator, keyFile } = await emulated();
    const recording = (url, init) => (sent.push(String(url)), fetch(url, init));
    const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, fetch: recording });
    for (const url of ["http://example.com/", "http://localhost.example.com/", "http://localhost@example.com/", "ftp://localhost/"]) {
      assert.equal((await rejection(creds.fetch(url))).code, "insecure_endpoint", url);
    }
    assert.equal((await rejection(creds.fetch(new Request("http://example.com/")))).code, "insecure_endpoint");
    await assert.rejects(creds.fetch("/relative"), TypeError);
    assert.deepEqual(sent, []);
  });

  test("sends no token to where a redirect leads", async () => {
    const { creds } = await emulatedCredentials();
    const away = await picky(() => "none");
    const url = await serve((request, response) => response.writeHead(302, { location: `${away.url}/` }).end());
    assert.equal((await creds.fetch(url)).status, 200);
    assert.equal(away.received[0].authorization, undefined);
  });

  test("listens to the signal while it waits for a token", async () => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.orderFault({ delay: 0.2 });
    const controller = new AbortController();
    const answer = creds.fetch(`${emulator.url}/emulator/whoami`, { signal: controller.signal });
    controller.abort(new Error("enough"));
    assert.equal((await rejection(answer)).message, "enough");
  });
});

describe("what is passed counts as it is at the call, as with the global fetch", () => {
  const text = (content) => new TextEncoder().encode(content);
  const form = () => {
    const made = new FormData();
    made.append("field", "before");
    made.append("file", new File(["content"], "name.txt"));
    return made;
  };
  /** What is passed, and what the program does to it right afterwards. */
  const changes = {
    "the URL's query": (url) => [[url], () => url.searchParams.set("a", "after")],
    "the URL's host": (url) => [[url], () => (url.href = "http://example.invalid/")],
    "the method": (url, init = { method: "PUT", body: "text" }) => [[url, init], () => (init.method = "POST")],
    "an object of headers": (url, headers = { "x-own": "before" }) => [[url, { headers }], () => (headers["x-own"] = "after")],
    Headers: (url, headers = new Headers({ "x-own": "before" })) => [[url, { headers }], () => headers.set("x-own", "after")],
    "a Request's headers": (url, request = new Request(url, { headers: { "x-own": "before" } })) => [[request], () => request.headers.set("x-own", "after")],
    "bytes": (url, body = text("before")) => [[url, { method: "POST", body }], () => body.set(text("after!"))],
    "a part of a buffer": (url, all = text("a before z")) => [[url, { method: "POST", body: all.subarray(2, 8) }], () => all.fill(120)],
    "a buffer": (url, body = text("before")) => [[url, { method: "POST", body: body.buffer }], () => body.set(text("after!"))],
    "a DataView": (url, body = text("before")) => [[url, { method: "POST", body: new DataView(body.buffer) }], () => body.set(text("after!"))],
    "URLSearchParams": (url, body = new URLSearchParams({ a: "before" })) => [[url, { method: "POST", body }], () => body.set("a", "after")],
    "FormData": (url, body = form()) => [[url, { method: "POST", body }], () => body.set("field", "after")],
  };
  const refusals = { "at once": () => "none", "after a 401": (old) => old };
  for (const [when, refused] of Object.entries(refusals)) {
    for (const [what, change] of Object.entries(changes)) {
      test(`${what}, ${when}`, async () => {
        const sent = async (make) => {
          const { creds } = await emulatedCredentials();
          const old = await creds.authorization();
          const { url, received } = await picky(() => refused(old));
          const [args, then] = change(new URL(`${url}/?a=before`));
          const answer = make(creds)(...args);
          then();
          await answer;
          const { method, body, "x-own": own, "content-type": type = "", url: path } = received.at(-1);
          const boundary = /boundary=(.*)/.exec(type)?.[1];
          return { method, body: body.replaceAll(boundary ?? "-", "-"), own, type: type.replace(boundary, "-"), path };
        };
        assert.deepEqual(await sent((creds) => (...args) => creds.fetch(...args)), await sent(() => fetch));
      });
    }
  }

  test("one URL for many requests", async () => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    const page = new URL(url);
    const answers = [];
    for (const token of ["a", "b", "c"]) {
      page.searchParams.set("pageToken", token);
      answers.push(creds.fetch(page));
    }
    await Promise.all(answers);
    assert.deepEqual(received.map(({ url }) => url).sort(), ["/?pageToken=a", "/?pageToken=b", "/?pageToken=c"]);
  });

  test("a Request in the place of the options", async () => {
    const { creds } = await emulatedCredentials();
    const { url, received } = await picky(() => "none");
    await creds.fetch(`${url}/here`, new Request(`${url}/there`, { method: "POST", headers: { "x-own": "1" }, body: "text" }));
    const [{ method, body, url: path, "x-own": own }] = received;
    assert.deepEqual({ method, body, path, own }, { method: "POST", body: "text", path: "/here", own: "1" });
  });
});

test("a page's own address is what a relative URL is meant to be relative to", async (t) => {
  const { creds } = await emulatedCredentials();
  const { url, received } = await picky(() => "none");
  const places = { location: { href: `${url}/a/page` }, document: { baseURI: `${url}/b/page` } };
  for (const [name, value] of Object.entries(places)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
    t.after(() => delete globalThis[name]);
    await creds.fetch("relative");
    await creds.fetch("/root");
  }
  assert.deepEqual(received.map((request) => request.url), ["/a/relative", "/root", "/b/relative", "/root"]);
});

describe("a fetch of one's own", () => {
  test("sends everything", async () => {
    const { emulator, keyFile } = await emulated();
    const sent = [];
    const own = (url, init) => (sent.push([url, init]), fetch(url, init));
    const creds = Credentials.serviceAccount(keyFile, { endpoints: emulator.endpoints, fetch: own });
    await creds.fetch(`${emulator.url}/emulator/whoami`);
    assert.deepEqual(
      sent.map(([url]) => url),
      [`${emulator.url}/iam/v1/tokens`, `${emulator.url}/emulator/whoami`],
    );
    assert.equal(sent[0][1].redirect, "manual");
    assert.ok(sent[0][1].signal instanceof AbortSignal);
  });

  const answer = { iamToken: "t1.own", expiresAt: new Date(Date.now() + 3600_000).toISOString() };

  test("may answer with as little as this", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(answer));
    const own = async () => ({ status: 200, arrayBuffer: async () => bytes.buffer });
    const { keyFile } = await emulated();
    assert.equal((await Credentials.serviceAccount(keyFile, { fetch: own }).getToken()).value, "t1.own");
  });

  test("is the global one at the time of the call", async (t) => {
    const { keyFile } = await emulated();
    const creds = Credentials.serviceAccount(keyFile);
    t.mock.method(globalThis, "fetch", async () => Response.json(answer));
    assert.equal((await creds.getToken()).value, "t1.own");
  });

  test("keeps no token and no secret on the disk, as that of Next.js does with answers", async (t) => {
    const kept = [];
    let tokens = 0;
    t.mock.method(globalThis, "fetch", async (url, { body, next }) => {
      if (!next?.internal) kept.push(`${url} ${body ?? ""}`);
      return Response.json({ ...answer, iamToken: `t1.token${tokens++}` });
    });
    const creds = Credentials.oauth("y0_AgAAAAExampleOfNoAccount-0123456789");
    await creds.getToken();
    await rejection(creds.lockbox.get("e6qexamplesecret0001"));
    assert.deepEqual([tokens, kept], [2, []]);
  });

  const failures = [
    ["throws", () => assert.fail("t1.secretsecretsecretsecret"), "transport_failed"],
    ["returns nothing", () => undefined, "transport_failed"],
    ["returns text", async () => "{}", "transport_failed"],
    ["was aborted", async () => assert.fail(new DOMException("stop", "AbortError")), "transport_failed"], // nobody here asked for that: trying again would never end
  ];
  for (const [what, own, code] of failures) {
    test(what, async () => {
      const { keyFile } = await emulated();
      const error = await rejection(Credentials.serviceAccount(keyFile, { fetch: own }).getToken());
      assert.equal(error.code, code, error.message);
      assert.doesNotMatch(error.message, /secretsecret/);
    });
  }
});
