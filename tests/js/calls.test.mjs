// Calls of the cloud's APIs, as all languages share them: tests/vectors/api_*.json and tests/calls/*.json.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertAnswer, newCall, respond } from "./support/calls.mjs";
import { scenes, vectors } from "./support/files.mjs";
import { assertError, between, close, number } from "./support/values.mjs";

const NOW = 1767225600;

/** What making the call throws, if it does. */
function made(given) {
  try {
    return { call: newCall(given) };
  } catch (error) {
    return { error };
  }
}

describe("api_requests", () => {
  for (const given of vectors("api_requests")) {
    test(given.name, () => {
      const { call, error } = made(given);
      if (given.error) return assertError(error, given.error);
      call.poll(NOW);
      call.authorize("t1.vector");
      const { action } = call.poll(NOW);
      const { method, url, body, timeout, useProxy } = action;
      const headers = action.headers.map(([name, value]) => [name, value.replace(/^yc-iam\/[\d.]+$/, "yc-iam/*")]);
      assert.deepEqual({ method, url, headers, body: body ?? null, timeout, use_proxy: useProxy }, given.request);
    });
  }
});

describe("api_answers", () => {
  for (const given of vectors("api_answers")) test(given.name, () => walkToTheEnd(given));
});

/** Gives every request the same answer, until there is an answer or an error. */
function walkToTheEnd(given) {
  const call = newCall(given);
  let time = given.now;
  let step = call.poll(time);
  for (let round = 0; round < 400 && step.kind !== "done" && step.kind !== "fail"; round++) {
    if (step.kind === "wait") time = step.until;
    else if (step.kind === "authorize") call.authorize(`t1.vector-${round}`);
    else respond(call, step.id, time, given);
    step = call.poll(time);
  }
  if (given.error) assertError(step.error, given.error);
  else assertAnswer(step.answer, given.answer);
}

class Scene {
  clock = 0;
  until;
  last;
  named = new Map();

  constructor(script) {
    this.call = newCall(script);
    this.start = number(script.start);
  }

  get now() {
    return this.start + this.clock;
  }

  step(step) {
    if (typeof step.at === "string" && step.at === "until") this.clock = this.until;
    else if (step.at !== undefined) this.clock = number(step.at);
    this.clock += step.after ?? 0;
    if (step.poll) this.compare(this.call.poll(this.now), step.poll);
    else if (step.authorize !== undefined) this.call.authorize(step.authorize);
    else if (step.raises) assertError(this.raised(step), step.raises);
    else this.report(step);
  }

  raised(step) {
    try {
      this.report(step);
    } catch (error) {
      return error;
    }
    return assert.fail("an error was expected");
  }

  report({ effect, respond: answer, break: failure }) {
    const id = effect === undefined ? this.last : (this.named.get(effect) ?? effect);
    if (answer) respond(this.call, id, this.now, answer);
    else if (failure) this.call.completeFailure(id, this.now, failure.kind, failure.detail);
  }

  compare(found, expected) {
    const kind = ["authorize", "perform", "wait", "done", "fail"].find((name) => name in expected);
    assert.equal(found.kind, kind, JSON.stringify(found));
    this[`compare_${kind}`](found, expected);
  }

  compare_authorize({ refused, until }, { authorize }) {
    assert.equal(refused ?? null, authorize.refused ?? null);
    if ("until" in authorize) close(until - this.start, authorize.until, "until");
  }

  compare_perform({ id, action }, expected) {
    assert.equal(action.type, expected.perform);
    this.last = id;
    if (expected.as) this.named.set(expected.as, id);
    for (const name of ["method", "url"]) if (name in expected) assert.equal(action[name], expected[name]);
    if ("body" in expected) assert.equal(action.body ?? null, expected.body);
    if ("timeout" in expected) close(action.timeout, expected.timeout, "timeout");
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      const found = action.headers.filter(([known]) => known === name).map(([, found]) => found);
      assert.deepEqual(found, value === null ? [] : [value], name);
    }
  }

  compare_wait({ until }, { wait }) {
    this.until = until - this.start;
    if (wait.until !== undefined) close(this.until, wait.until, "until");
    between(this.until, wait.until_min ?? undefined, wait.until_max ?? undefined, "until");
  }

  compare_done({ answer }, { done }) {
    assertAnswer(answer, done);
  }

  compare_fail({ error }, { fail }) {
    assertError(error, fail);
  }
}

describe("calls", () => {
  for (const script of scenes("calls")) {
    test(`${script.name}: ${script.shows}`, () => {
      const scene = new Scene(script);
      for (const [index, step] of script.steps.entries()) {
        // What only some languages can report is not for the others.
        if (step.file) continue;
        try {
          scene.step(step);
        } catch (error) {
          error.message = `step ${index}: ${error.message}`;
          throw error;
        }
      }
    });
  }
});
