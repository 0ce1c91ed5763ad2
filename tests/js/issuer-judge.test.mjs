// An issuer that is not ours: oidc-provider as a server, whose tokens become IAM tokens.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, mock, test } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import { Credentials } from "yc-iam";
import { emulated, owner, rejection } from "./support/emulated.mjs";

// It tells the console what a provider for the whole world had to change.
for (const level of ["info", "warn"]) mock.method(console, level, () => {});
const { default: Provider } = await import("oidc-provider");

const AUDIENCE = "https://cloud.example.org";
const ALGORITHMS = ["RS256", "ES256"];

async function privateKey(alg, kid) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg, kid, use: "sig" };
}

const newKeys = () => Promise.all(ALGORITHMS.map((alg) => privateKey(alg, `key-${alg}`)));
const [KEYS, OTHER_KEYS] = await Promise.all([newKeys(), newKeys()]);

const servers = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

/**
 * An OpenID provider on loopback. Its clients `RS256` and `ES256` get access tokens of their own (RFC 9068), signed
 * with that algorithm, for the resource that they ask for (RFC 8707); the client's ID is the token's subject.
 */
async function provider(keys = KEYS) {
  let handle;
  const server = createServer((request, response) => handle(request, response));
  servers.push(server);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = (alg) => ({
    client_id: alg,
    client_secret: `secret of ${alg}`,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  });
  const oidc = new Provider(issuer, {
    jwks: { keys },
    clients: ALGORITHMS.map(client),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience, { clientId }) => ({
          scope: "",
          audience,
          accessTokenTTL: 600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: clientId } },
        }),
      },
    },
  });
  handle = oidc.callback();

  const discovered = async () => (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  return {
    issuer,
    /** What a federation is to know, as the provider tells everybody. */
    async federation() {
      const { jwks_uri: jwksUrl } = await discovered();
      return { issuer, jwksUrl, jwks: await (await fetch(jwksUrl)).text() };
    },
    /** A token by the grant for machines (RFC 6749, section 4.4). */
    async token(alg, resource = AUDIENCE) {
      const { token_endpoint: url } = await discovered();
      const answer = await fetch(url, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${alg}:${encodeURIComponent(`secret of ${alg}`)}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials", resource }),
      });
      const body = await answer.json();
      assert.equal(answer.status, 200, JSON.stringify(body));
      return body.access_token;
    },
  };
}

/** An emulator that trusts a provider, and a service account as which one of the provider's clients may act. */
async function trusting(idp, alg) {
  const { emulator } = await emulated();
  const { issuer, jwksUrl, jwks } = await idp.federation();
  emulator.publishKeys(jwksUrl, jwks);
  const federation = emulator.createFederation("idp", { issuer, audiences: [AUDIENCE], jwksUrl });
  const account = emulator.createServiceAccount("machine");
  emulator.createFederatedCredential(account, federation, alg);
  const credentials = (token) => Credentials.workloadIdentity(account, { token, endpoints: emulator.endpoints });
  return { emulator, account, credentials };
}

for (const alg of ALGORITHMS) {
  describe(`tokens signed with ${alg}`, () => {
    test("are taken", async () => {
      const idp = await provider();
      const { emulator, account, credentials } = await trusting(idp, alg);
      assert.equal(await owner(emulator, credentials(() => idp.token(alg))), account);
      assert.equal(await owner(emulator, credentials(await idp.token(alg))), account);
    });

    const refused = (name, message, { resource, signedBy = alg, prepare }) =>
      test(`${name}: refused`, async () => {
        const idp = await provider();
        const { emulator, credentials } = await trusting(idp, alg);
        const token = await (prepare?.({ emulator, idp }) ?? idp.token(signedBy, resource));
        const error = await rejection(credentials(() => token).getToken());
        assert.equal(error.status, 400, error.message);
        assert.match(error.message, message);
        assert.ok(!error.message.includes(token));
        assert.equal(emulator.tokensIssued, 0);
      });

    const elsewhere = "https://other.example.org";
    refused("another audience", /aud' is 'https:\/\/other\.example\.org/, { resource: elsewhere });
    refused("another subject", /sub' is/, { signedBy: ALGORITHMS.find((other) => other !== alg) });
    refused("another provider", /iss' is/, { prepare: async () => (await provider()).token(alg) });
    refused("another key of the same name", /signature does not verify/, {
      async prepare({ emulator, idp }) {
        const { jwksUrl } = await idp.federation();
        emulator.publishKeys(jwksUrl, (await (await provider(OTHER_KEYS)).federation()).jwks);
        return idp.token(alg);
      },
    });

    test("a token that ended by the service's clock: refused", async () => {
      const idp = await provider();
      const { emulator, credentials } = await trusting(idp, alg);
      const token = await idp.token(alg);
      emulator.setClockOffset(3600);
      // The first refusal shows the service's clock; by that, it is sent once more.
      assert.match((await rejection(credentials(() => token).getToken())).message, /subject token ended/);
      assert.deepEqual(
        emulator.requests.map(({ status, verdict }) => [status, /subject token ended/.test(verdict)]),
        [[400, true], [400, true]],
      );
      assert.equal(emulator.tokensIssued, 0);
    });
  });
}
