// `yc-iam/integrations/axios`, with axios itself.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { describe, test } from "node:test";
import axios from "axios";
import { useYcIam } from "yc-iam/integrations/axios";
import { emulatedCredentials, rejection, serve, signalled } from "../support/emulated.mjs";
import { picky } from "../support/picky.mjs";

async function prepared(options) {
  const { emulator, creds } = await emulatedCredentials();
  const old = await creds.authorization();
  const { url, received } = await picky(() => old);
  const client = axios.create({ baseURL: url, ...options });
  const off = useYcIam(client, creds);
  return { emulator, creds, old, url, received, client, off };
}

describe("useYcIam", () => {
  test("adds the token and keeps the rest", async () => {
    const { creds, client, received, off } = await prepared();
    creds.invalidate(await creds.getToken());
    const { data } = await client.put("/path", "text", { params: { a: 1 }, headers: { "x-own": "1" } });
    assert.equal(data, "text");
    const [one] = received;
    assert.equal(one.authorization, await creds.authorization());
    assert.deepEqual([one["x-own"], one.method, one.url], ["1", "PUT", "/path?a=1"]);
    off();
    await client.get("/");
    assert.equal(received[1].authorization, undefined);
    assert.equal((await axios.get(client.defaults.baseURL)).status, 200);
    assert.equal(received[2].authorization, undefined);
  });

  const form = new FormData();
  form.set("a", "1");
  const bodies = {
    none: [undefined, /^$/],
    text: ["text", /^text$/],
    object: [{ a: "ü" }, /^{"a":"ü"}$/],
    "text of JSON": ['"quoted"', /^"quoted"$/],
    bytes: [Buffer.from("bytes"), /^bytes$/],
    form: [form, /name="a"/],
    parameters: [new URLSearchParams({ a: "1" }), /^a=1$/],
  };
  for (const adapter of ["http", "fetch"]) {
    for (const [what, [data, text]] of Object.entries(bodies)) {
      test(`sends again after a 401, by ${adapter}: ${what}`, async () => {
        const { emulator, creds, old, received, client } = await prepared({ adapter });
        const answer = await client.post("/", data, { responseType: "text", transformResponse: [(data) => `${data}!`] });
        assert.equal(answer.status, 200);
        assert.match(answer.data.slice(0, -1), text);
        assert.equal(received.length, 2);
        assert.match(received[0].body, text);
        assert.equal(received[0]["content-type"]?.split(";")[0], received[1]["content-type"]?.split(";")[0]);
        assert.deepEqual(
          received.map(({ authorization }) => authorization),
          [old, await creds.authorization()],
        );
        assert.equal(emulator.tokensIssued, 2);
      });
    }
  }

  test("does so too where a 401 is no error", async () => {
    const { client, received } = await prepared({ validateStatus: () => true });
    assert.equal((await client.get("/")).status, 200);
    assert.equal(received.length, 2);
  });

  test("does not send a stream again, but drops the token", async () => {
    const { creds, old, received, client } = await prepared();
    const error = await rejection(client.post("/", Readable.from(["stream"])));
    assert.equal(error.response.status, 401);
    assert.equal(received.length, 1);
    assert.notEqual(await creds.authorization(), old);
  });

  test("gives up after the second 401", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const url = await serve((request, response) => response.writeHead(401).end("no"));
    const client = axios.create();
    useYcIam(client, creds);
    const error = await rejection(client.get(url));
    assert.equal(error.response.status, 401);
    assert.equal(error.response.data, "no");
    assert.equal(emulator.tokensIssued, 2);
  });

  test("sends no token where anybody could read it, wherever other interceptors lead", async () => {
    const { emulator, creds } = await emulatedCredentials();
    const adapter = () => assert.fail("sent");
    const client = axios.create({ adapter });
    client.interceptors.request.use((config) => ({ ...config, url: config.url.replace("https:", "http:") }));
    useYcIam(client, creds);
    for (const url of ["http://example.com/", "http://localhost@example.com/"]) {
      assert.equal((await rejection(client.get(url))).code, "insecure_endpoint", url);
    }
    assert.equal(emulator.tokensIssued, 0);
    assert.equal((await rejection(client.get("https://example.com/"))).code, "insecure_endpoint");
  });

  test("sends no token to where a redirect leads", async () => {
    const { creds } = await emulatedCredentials();
    const away = await picky(() => "none");
    const url = await serve((request, response) => response.writeHead(302, { location: `${away.url}/` }).end());
    const client = axios.create();
    useYcIam(client, creds);
    await client.get(url);
    assert.equal(away.received[0].authorization, undefined);
  });

  describe("sends no token to a domain below, to which a redirect leads", () => {
    /** Leads to this host under whatever name, and tells what each was sent. */
    async function leading(refused) {
      const received = [];
      const url = await serve(({ headers, url }, response) => {
        const { hostname, port } = new URL(`http://${headers.host}`);
        received.push([hostname + url, headers.authorization]);
        if (headers.authorization === refused) return response.writeHead(401).end();
        const next = { "/": "/same", "/same": `http://below.localhost:${port}/` };
        const location = hostname === "localhost" ? next[url] : undefined;
        return response.writeHead(location === undefined ? 200 : 307, location === undefined ? {} : { location }).end();
      });
      const lookup = (host, { all }, found) => (all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4));
      return { received, url: url.replace("127.0.0.1", "localhost"), httpAgent: new Agent({ lookup }) };
    }

    test("but to its own", async () => {
      const { creds } = await emulatedCredentials();
      const { received, url, httpAgent } = await leading("none");
      const client = axios.create({ httpAgent });
      useYcIam(client, creds);
      assert.equal((await client.get(`${url}/`)).status, 200);
      const token = await creds.authorization();
      assert.deepEqual(received, [["localhost/", token], ["localhost/same", token], ["below.localhost/", undefined]]);
    });

    test("nor after a 401", async () => {
      const { creds } = await emulatedCredentials();
      const old = await creds.authorization();
      const { received, url, httpAgent } = await leading(old);
      const client = axios.create({ httpAgent });
      useYcIam(client, creds);
      assert.equal((await client.get(`${url}/`)).status, 200);
      const token = await creds.authorization();
      assert.deepEqual(received, [["localhost/", old], ["localhost/", token], ["localhost/same", token], ["below.localhost/", undefined]]);
    });

    test("whatever axios itself takes off, which older releases do not", async () => {
      const { creds } = await emulatedCredentials();
      const token = await creds.authorization();
      const left = [];
      const adapter = async ({ headers, beforeRedirect, ...config }) => {
        for (const href of ["https://example.com/a", "https://below.example.com/", "https://example.com:8443/", "http://example.com/"]) {
          const options = { href, headers: { Accept: "*/*", Authorization: headers.get("authorization") } };
          beforeRedirect(options, { headers: {}, statusCode: 307 });
          left.push(options.headers);
        }
        return { status: 200, config: { headers, ...config } };
      };
      const client = axios.create({ adapter, baseURL: "https://example.com" });
      useYcIam(client, creds);
      await client.get("/");
      assert.deepEqual(left, [{ Accept: "*/*", Authorization: token }, ...Array(3).fill({ Accept: "*/*" })]);
    });

    test("where the caller looks at redirects too, and has a proof of its own", async () => {
      const { creds } = await emulatedCredentials();
      const { received, url, httpAgent } = await leading("none");
      const client = axios.create({ httpAgent });
      useYcIam(client, creds);
      const seen = [];
      const beforeRedirect = (options) => {
        seen.push(options.path);
        if (options.hostname !== "localhost") options.headers.authorization = "Basic theirs";
      };
      assert.equal((await client.get(`${url}/`, { beforeRedirect })).status, 200);
      assert.deepEqual(seen, ["/same", "/"]);
      assert.deepEqual(received.at(-1), ["below.localhost/", "Basic theirs"]);
    });
  });

  for (const adapter of ["http", "fetch"]) {
    test(`leaves no refusal open that is a stream, by ${adapter}`, { timeout: 30_000 }, async () => {
      const { emulator, creds } = await emulatedCredentials();
      const old = await creds.authorization();
      const closed = signalled();
      const url = await serve((request, response) => {
        if (request.headers.authorization !== old) return response.end("yes");
        request.socket.on("close", closed.done);
        return response.writeHead(401).write("no");
      });
      const client = axios.create({ adapter, responseType: "stream" });
      useYcIam(client, creds);
      assert.equal((await client.get(url)).status, 200);
      await closed.promise;
      assert.equal(emulator.tokensIssued, 2);
    });
  }

  test("listens to the signal while it waits for a token", async () => {
    const { emulator, creds } = await emulatedCredentials();
    emulator.orderFault({ delay: 0.2 });
    const client = axios.create();
    useYcIam(client, creds);
    const controller = new AbortController();
    const answer = client.get(`${emulator.url}/emulator/whoami`, { signal: controller.signal });
    controller.abort(new Error("enough"));
    assert.equal((await rejection(answer)).message, "enough");
  });

  test("is there for `require` too", () => {
    assert.equal(createRequire(import.meta.url)("yc-iam/integrations/axios").useYcIam, useYcIam);
  });
});
