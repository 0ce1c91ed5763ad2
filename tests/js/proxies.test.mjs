// What may not go through a proxy, however the program has set one up: metadata, and whatever is on this machine.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import { Credentials, Endpoints } from "yc-iam";
import { serve } from "./support/emulated.mjs";

/** A proxy that answers everything itself, and gives tokens of its own. */
const asked = [];
const proxy = await serve((request, response) => {
  asked.push(request.url);
  response.end(JSON.stringify({ access_token: "t1.proxy", expires_in: 3600, iamToken: "t1.proxy", value: "proxy" }));
});

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const external = [{ alg: "RS256" }, { iss: "https://issuer.example", sub: "a", aud: "b", iat: 1.7e9, exp: 4e9 }, "signature"].map(part).join(".");

/** What is on this machine, or the machine's own. */
const service = await serve((request, response) => {
  const token = { access_token: "t1.service", expires_in: 3600, iamToken: "t1.service", expiresAt: "2099-01-01T00:00:00Z" };
  request.resume().on("end", () => response.end(JSON.stringify({ ...token, value: external })));
});

/** An agent that connects to the proxy wherever it is told to. */
class Detour extends http.Agent {
  createConnection(options, done) {
    return super.createConnection({ ...options, host: "127.0.0.1", port: new URL(proxy).port }, done);
  }
}

const fetched = (url) => fetch(url).then((response) => response.text());
const requested = (url) =>
  new Promise((resolve, reject) => {
    http.request(url, {}, (response) => response.resume().on("end", resolve)).on("error", reject).end();
  });

/** Ways to lead everything through a proxy: sets one up, and says how to undo it and what goes that way. */
const WAYS = {
  "undici's global dispatcher": async () => {
    const { getGlobalDispatcher, ProxyAgent, setGlobalDispatcher } = await import("undici");
    const before = getGlobalDispatcher();
    const agent = new ProxyAgent({ uri: proxy, proxyTunnel: false });
    setGlobalDispatcher(agent);
    return { undo: () => (setGlobalDispatcher(before), agent.close()), ask: fetched };
  },
  "a fetch in the place of the global one": async () => {
    const { fetch: undiciFetch, ProxyAgent } = await import("undici");
    const { fetch } = globalThis;
    const dispatcher = new ProxyAgent({ uri: proxy, proxyTunnel: false });
    globalThis.fetch = (url, init) => undiciFetch(url, { ...init, dispatcher });
    return { undo: () => ((globalThis.fetch = fetch), dispatcher.close()), ask: fetched };
  },
  "an agent in the place of Node's own": () => {
    const { globalAgent } = http;
    http.globalAgent = new Detour();
    return { undo: () => (http.globalAgent = globalAgent), ask: requested };
  },
  "an agent for every request, whatever it asks for, as global-agent does it": () => {
    const { request } = http;
    const agent = new Detour();
    http.request = (url, options, ...rest) => request(url, { ...options, agent }, ...rest);
    return { undo: () => (http.request = request), ask: requested };
  },
};

const SOURCES = {
  metadata: () => Credentials.metadata({ endpoints: Endpoints.custom({ metadata: service }) }),
  "an exchange on loopback": () => Credentials.oauth("y0_AgAAAAExampleOfNoAccount-01", { endpoints: Endpoints.custom({ iam: service }) }),
  "an external token from loopback": () =>
    Credentials.workloadIdentity("ajeexampleaccount001", { tokenUrl: `${service}/external`, tokenField: "value", endpoints: Endpoints.custom({ auth: service }) }),
};

// The last comes first: undici, once loaded, is asked by itself.
for (const way of Object.keys(WAYS).reverse()) {
  for (const [source, credentials] of Object.entries(SOURCES)) {
    test(`${source} with ${way}`, async () => {
      const { undo, ask } = await WAYS[way]();
      try {
        assert.equal((await credentials().getToken()).value, "t1.service");
        assert.deepEqual(asked.splice(0), []);
        await ask(`${service}/asked`);
        assert.equal(asked.splice(0).length, 1, "what goes through the proxy is seen");
      } finally {
        await undo();
      }
    });
  }
}

test("a fetch that was passed is asked for these too", async () => {
  const urls = [];
  const own = (url, init) => (urls.push(String(url)), fetch(url, init));
  await Credentials.metadata({ endpoints: Endpoints.custom({ metadata: service }), fetch: own }).getToken();
  assert.equal(urls.length, 1);
});
