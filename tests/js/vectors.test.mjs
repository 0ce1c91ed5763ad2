// The vectors that all languages share: tests/vectors/*.json.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Endpoints, redact, ServiceAccountKey, YcIamError } from "yc-iam";
import { newSession, newSource, respond, sessionOf, subjectTokenIn, walkToExchange } from "./support/core.mjs";
import { vectors } from "./support/files.mjs";
import { assertError, assertHidden, between, bytes, close, keyContent, number } from "./support/values.mjs";

/** What a call throws; fails if it throws nothing, or something else than the package's error. */
function thrownBy(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof YcIamError, String(error));
    return error;
  }
  return assert.fail("an error was expected");
}

function each(name, check) {
  describe(name, () => {
    for (const given of vectors(name)) test(given.name, () => check(given));
  });
}

const decoded = (jwt) => jwt.split(".").map((part) => Buffer.from(part, "base64url").toString());

each("keys", ({ content, expect, error }) => {
  const given = bytes(content);
  if (error) {
    assertError(
      thrownBy(() => ServiceAccountKey.fromJson(given)),
      error,
    );
    return;
  }
  const before = Buffer.from(given);
  const key = ServiceAccountKey.fromJson(given);
  assert.deepEqual(
    { id: key.id, service_account_id: key.serviceAccountId, modulus_bits: key.modulusBits, created_at: key.createdAt ?? null },
    expect,
  );
  assert.deepEqual(given, before, "the caller's bytes were changed");
  assertHidden(key, ["PRIVATE KEY", "MII"]);
});

each("external_keys", ({ id, service_account_id: serviceAccountId, public_key: publicKey, expect, error }) => {
  const external = () => ServiceAccountKey.external({ id, serviceAccountId, publicKey });
  if (error) return assertError(thrownBy(external), error);
  const key = external();
  assert.deepEqual({ id: key.id, service_account_id: key.serviceAccountId, modulus_bits: key.modulusBits }, expect);
  assert.throws(() => key.signJwt(), { code: "signing_failed" });
});

each("signing_inputs", (given) => {
  const step = newSession(given).poll(given.now);
  assert.equal(Buffer.from(step.action.input).toString(), given.signing_input);
});

each("jwts", ({ key: name, now, lifetime, audience, header, claims, error }) => {
  const key = ServiceAccountKey.fromJson(keyContent(name));
  const options = { now: number(now), lifetime: number(lifetime), ...(audience === null ? {} : { audience }) };
  if (error) {
    assertError(
      thrownBy(() => key.signJwt(options)),
      error,
    );
    return;
  }
  const jwt = key.signJwt(options);
  const [foundHeader, foundClaims] = decoded(jwt);
  assert.equal(foundHeader, header);
  assert.equal(foundClaims, claims);
  assert.equal(Buffer.from(jwt.split(".")[2], "base64url").length, Math.ceil(key.modulusBits / 8));
});

function assertRequest({ method, url, headers, body, timeout, useProxy }, expected) {
  const anyVersion = headers.map(([name, value]) => [name, value.replace(/^yc-iam\/[\d.]+$/, "yc-iam/*")]);
  const found = { method, url, headers: anyVersion, body: body ?? null, timeout, use_proxy: useProxy };
  assert.deepEqual(found, expected);
}

each("requests", (given) => {
  const { action } = walkToExchange(newSession(given), given.now, bytes(given.signature));
  assertRequest(action, given.request);
});

each("endpoints", ({ overrides, expect, error }) => {
  if (error) {
    assertError(
      thrownBy(() => Endpoints.custom(overrides)),
      error,
    );
    return;
  }
  const { url, ...shown } = expect;
  const { action } = walkToExchange(newSession({ endpoints: overrides }), 1767225600);
  assert.equal(action.url, url);
  const [, claims] = decoded(JSON.parse(action.body).jwt);
  assert.equal(JSON.parse(claims).aud, expect.audience);
  assert.deepEqual({ ...Endpoints.custom(overrides) }, shown);
});

each("responses", (given) => walkToTheEnd(newSession(), given));

/** Gives every request the same answer, until there is a token or an error. */
function walkToTheEnd(session, { now, status, headers, body, token, error }) {
  const answer = { status, headers, body: bytes(body) };
  let step = session.poll(now);
  let time = now;
  for (let round = 0; round < 20 && step.kind !== "use" && step.kind !== "fail"; round++) {
    if (step.kind === "wait") time = step.until;
    else if (step.action.type === "sign") session.completeSignature(step.id, time, Buffer.alloc(256, 0x5a));
    else if (step.action.type === "readFile") session.completeFile(step.id, time, goodSubjectToken);
    else respond(session, step.id, time, answer);
    step = session.poll(time);
  }
  if (error) {
    assert.equal(step.kind, "fail");
    assertError(step.error, error);
    return;
  }
  assert.equal(step.kind, "use");
  assert.equal(step.value, token.value);
  assert.equal(step.authorization, `Bearer ${token.value}`);
  close(step.expiresAt, token.expires_at, "expiresAt");
  close(step.issuedAt, token.issued_at, "issuedAt");
}

const goodSubjectToken = bytes(vectors("subject_tokens")[0].content);

const withTokenFile = () =>
  newSession({ source: { workload_identity: { service_account_id: "ajeb9l33h6mu12345678", token_file: "/var/run/secrets/tokens/sa" } } });

each("access_tokens", (given) => walkToTheEnd(withTokenFile(), given));

each("subject_tokens", ({ content, now, subject_token, error }) => {
  const session = withTokenFile();
  session.completeFile(session.poll(now).id, now, bytes(content));
  const step = session.poll(now);
  if (error) assertError(step.error, error);
  else assert.equal(subjectTokenIn(step.action), subject_token);
});

each("sources", ({ source: described, environment, endpoints, now, choice, error, ...expected }) => {
  let step;
  try {
    const source = newSource(described, { environment, now });
    if (choice !== undefined) assert.equal(source.choice, choice);
    step = sessionOf(source, { endpoints }).poll(now);
  } catch (thrown) {
    if (error === undefined) throw thrown;
    step = { kind: "fail", error: thrown };
  }
  if (error) {
    assert.equal(step.kind, "fail");
    assertError(step.error, error);
    return;
  }
  const { kind, action, value, expiresAt } = step;
  if (expected.request) assertRequest(action, expected.request);
  else if (expected.read_file) assert.deepEqual(action, { type: "readFile", timeout: 10, path: expected.read_file });
  else if (expected.read_variable) assert.deepEqual(action, { type: "readVariable", timeout: 10, name: expected.read_variable });
  else if (expected.supply) assert.deepEqual(action, { type: "supply", timeout: 30 });
  else {
    assert.equal(kind, "use");
    assert.equal(value, expected.use);
    close(expiresAt, expected.expires_at, "expiresAt");
  }
});

each("environments", ({ environment, expect, error }) => {
  if (error) {
    assertError(
      thrownBy(() => Endpoints.fromEnv(environment)),
      error,
    );
    return;
  }
  assert.deepEqual({ ...Endpoints.fromEnv(environment) }, expect);
});

each("refresh", (given) => {
  const { seeds, issued_at, expires_at, expires_at_text, fresh_until_min, fresh_until_max, checks } = given;
  const body = Buffer.from(JSON.stringify({ iamToken: "t1.refresh", expiresAt: expires_at_text }));
  for (const seed of seeds) {
    const renewed = () => {
      const session = newSession({ seed });
      respond(session, walkToExchange(session, issued_at).id, issued_at, { status: 200, body });
      return session;
    };
    const { kind, freshUntil, expiresAt } = renewed().poll(issued_at);
    assert.equal(kind, "use");
    between(freshUntil, fresh_until_min, fresh_until_max, "freshUntil");
    close(expiresAt, expires_at, "expiresAt");
    const states = checks.map(({ now, state }) => [now, state]);
    states.push([freshUntil - 0.001, "fresh"]);
    const expired = checks.filter(({ state }) => state === "expired").map(({ now }) => now);
    if (freshUntil < Math.min(...expired)) states.push([freshUntil, "stale"]);
    for (const [now, state] of states) {
      const session = renewed();
      const first = session.poll(now);
      const second = first.kind === "perform" ? session.poll(now) : undefined;
      const found = `${first.kind} ${second?.kind} ${second?.inFlight}`;
      const expected = { fresh: "use undefined undefined", stale: "perform use undefined", expired: "perform wait true" };
      assert.equal(found, expected[state], `seed ${seed} at ${now}`);
    }
  }
});

each("redact", ({ text, redacted }) => assert.equal(redact(text), redacted));
