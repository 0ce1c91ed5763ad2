// Whole sessions, as all languages share them: tests/transcripts/*.json.
import assert from "node:assert/strict";
import { test } from "node:test";
import { anySignature, newSession, respond, subjectTokenIn } from "./support/core.mjs";
import { scenes } from "./support/files.mjs";
import { assertError, between, bytes, close, number } from "./support/values.mjs";

class Scene {
  clock = 0;
  until;
  last;
  named = new Map();

  constructor(script) {
    this.session = newSession(script);
    this.start = script.start;
    this.signsByItself = (script.signing ?? "automatic") === "automatic";
  }

  get now() {
    return this.start + this.clock;
  }

  step(step) {
    if (step.at === "until") this.clock = this.until;
    else if (step.at !== undefined) this.clock = number(step.at);
    this.clock += step.after ?? 0;
    if (step.poll) this.compare(this.poll(), step.poll);
    else if (step.invalidate !== undefined) assert.equal(this.session.invalidate(step.invalidate), step.dropped);
    else if (step.raises) assertError(this.raised(step), step.raises);
    else this.report(step);
  }

  poll() {
    for (;;) {
      const step = this.session.poll(this.now);
      if (step.kind === "perform") this.last = step.id;
      if (!(this.signsByItself && step.kind === "perform" && step.action.type === "sign")) return step;
      this.session.completeSignature(step.id, this.now, anySignature(this.session));
    }
  }

  raised(step) {
    try {
      this.report(step);
    } catch (error) {
      return error;
    }
    return assert.fail("an error was expected");
  }

  report(step) {
    const id = step.effect === undefined ? this.last : (this.named.get(step.effect) ?? step.effect);
    const { session, now } = this;
    if (step.respond) {
      respond(session, id, now, { ...step.respond, body: step.respond.body ? bytes(step.respond.body) : Buffer.alloc(0) });
    } else if (step.sign) session.completeSignature(id, now, bytes(step.sign));
    else if (step.file) session.completeFile(id, now, bytes(step.file));
    else if (step.break) session.completeFailure(id, now, step.break.kind, step.break.detail);
  }

  compare(found, expected) {
    const names = { use: "use", perform: "perform", wait: "wait", fail: "fail" };
    const kind = Object.keys(names).find((name) => name in expected);
    assert.equal(found.kind, kind, JSON.stringify(found));
    this[`compare_${kind}`](found, expected);
  }

  compare_use({ value, expiresAt, issuedAt, freshUntil }, expected) {
    assert.equal(value, expected.use);
    if ("expires_at" in expected) close(expiresAt - this.start, expected.expires_at, "expiresAt");
    if ("issued_at" in expected) close(issuedAt - this.start, expected.issued_at, "issuedAt");
    between(freshUntil - this.start, expected.fresh_until_min, expected.fresh_until_max, "freshUntil");
  }

  compare_perform({ id, action }, expected) {
    assert.equal(action.type.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`), expected.perform);
    if (expected.as) this.named.set(expected.as, id);
    if ("path" in expected) assert.equal(action.path ?? action.name, expected.path);
    if ("url" in expected) assert.equal(action.url, expected.url);
    if ("timeout" in expected) close(action.timeout, expected.timeout, "timeout");
    if ("subject_token" in expected) assert.equal(subjectTokenIn(action), expected.subject_token);
    if (expected.iat === undefined) return;
    const signed = action.type === "http" ? JSON.parse(action.body).jwt : Buffer.from(action.input).toString();
    const claims = JSON.parse(Buffer.from(signed.split(".")[1], "base64url").toString());
    close(claims.iat - this.start, expected.iat, "iat");
  }

  compare_wait({ until, inFlight }, { wait }) {
    assert.equal(inFlight, wait.in_flight);
    this.until = until - this.start;
    if (wait.until !== undefined) close(this.until, wait.until, "until");
    between(this.until, wait.until_min, wait.until_max, "until");
  }

  compare_fail({ error }, { fail }) {
    assertError(error, fail);
  }
}

for (const script of scenes("transcripts")) {
  test(`${script.name}: ${script.shows}`, () => {
    const scene = new Scene(script);
    for (const [index, step] of script.steps.entries()) {
      try {
        scene.step(step);
      } catch (error) {
        error.message = `step ${index}: ${error.message}`;
        throw error;
      }
    }
  });
}
