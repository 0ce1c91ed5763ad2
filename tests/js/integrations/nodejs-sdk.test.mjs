// `yc-iam/integrations/nodejs-sdk`: a session of `@yandex-cloud/nodejs-sdk`, and a server that answers it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import * as grpc from "@grpc/grpc-js";
import sdk from "@yandex-cloud/nodejs-sdk";
import { createSession } from "yc-iam/integrations/nodejs-sdk";
import { emulatedCredentials, rejection } from "../support/emulated.mjs";
import { certificate } from "../support/certificate.mjs";

const { Session, serviceClients, cloudApi } = sdk;
const { CloudServiceClient } = serviceClients;
const { GetCloudRequest } = cloudApi.resourcemanager.cloud_service;
const { Cloud } = cloudApi.resourcemanager.cloud;

async function prepared(t, refused = () => undefined) {
  const { emulator, creds } = await emulatedCredentials();
  const { key, cert } = certificate();
  const received = [];
  const server = new grpc.Server();
  server.addService(
    { get: CloudServiceClient.service.get },
    {
      get({ metadata, request }, callback) {
        const [authorization] = metadata.get("authorization");
        received.push(metadata.getMap());
        if (authorization === refused()) callback({ code: grpc.status.UNAUTHENTICATED, details: "who are you" });
        else callback(null, Cloud.fromPartial({ id: request.cloudId, name: "mine" }));
      },
    },
  );
  const tls = grpc.ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: cert }]);
  const port = await new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", tls, (error, port) => (error ? reject(error) : resolve(port))),
  );
  t.after(() => server.forceShutdown());
  const session = createSession(creds, Session, { ssl: { rootCerts: cert }, headers: { "x-own": "1" }, pollInterval: 7 });
  return { emulator, creds, received, session, client: session.client(CloudServiceClient, `localhost:${port}`) };
}

const get = (client, options) => client.get(GetCloudRequest.fromPartial({ cloudId: "b1g0" }), options);

describe("createSession", () => {
  test("sends a fresh token with each call", async (t) => {
    const { emulator, creds, received, session, client } = await prepared(t);
    assert.ok(session instanceof Session);
    assert.equal(session.pollInterval, 7);
    assert.equal((await get(client)).name, "mine");
    assert.equal(received[0].authorization, await creds.authorization());
    assert.equal(received[0]["x-own"], "1");
    creds.invalidate(await creds.getToken());
    assert.equal((await get(client)).id, "b1g0");
    assert.equal(received[1].authorization, await creds.authorization());
    assert.notEqual(received[0].authorization, received[1].authorization);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("makes a call once more", async (t) => {
    let old;
    const { creds, received, client } = await prepared(t, () => old);
    old = await creds.authorization();
    assert.equal((await get(client)).name, "mine");
    assert.deepEqual(
      received.map(({ authorization }) => authorization),
      [old, await creds.authorization()],
    );
  });

  test("gives up after the second refusal", async (t) => {
    const { emulator, received, client } = await prepared(t, () => received.at(-1).authorization);
    assert.equal((await rejection(get(client))).code, grpc.status.UNAUTHENTICATED);
    assert.equal(received.length, 2);
    assert.equal(emulator.tokensIssued, 2);
  });

  test("fails as the credentials do", async (t) => {
    const { emulator, received, client } = await prepared(t);
    emulator.orderFault({ status: 400, times: 9 });
    assert.equal((await rejection(get(client))).name, "YcIamError");
    assert.equal(received.length, 0);
  });

  test("listens to the signal while it waits for a token", async (t) => {
    const { emulator, received, client } = await prepared(t);
    emulator.orderFault({ delay: 0.2 });
    const controller = new AbortController();
    const answer = get(client, { signal: controller.signal });
    controller.abort(new Error("enough"));
    assert.equal((await rejection(answer)).message, "enough");
    assert.equal(received.length, 0);
  });

  test("takes no other credentials, and shows none", async () => {
    const { creds } = await emulatedCredentials();
    for (const name of ["oauthToken", "iamToken", "serviceAccountJson"]) {
      assert.throws(() => createSession(creds, Session, { [name]: "t1.x" }), new RegExp(name));
    }
    const { value } = await creds.getToken();
    const session = createSession(creds, Session);
    assert.ok(!JSON.stringify(session).includes(value));
  });
});

test("is there for `require` too", () => {
  assert.equal(createRequire(import.meta.url)("yc-iam/integrations/nodejs-sdk").createSession, createSession);
});
