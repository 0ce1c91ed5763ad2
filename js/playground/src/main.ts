// The page: what is given goes to the core, and what the core says goes to the parts that show it.

import { watchComparison } from "./comparison.js";
import { type Explanation, explained, prepare } from "./core.js";
import { byId } from "./dom.js";
import { watchInput } from "./input.js";
import { watchPlace } from "./place.js";
import { hideResult, type Result, showResult } from "./result.js";
import { watchSigning } from "./signing.js";
import { announce } from "./status.js";

const SECOND = 1000;

/** Private keys are not kept, and what is no secret need not be hidden. */
const NOT_SHOWN_AGAIN = new Set([
  "service_account_key", "private_key", "pem", "empty", "too_large", "binary", "html", "json", "path",
  "oidc_federation", "federated_credential", "openid_configuration", "certificate", "public_key", "unknown",
]);

interface Given {
  /** Nothing: it was a private key. */
  content: Uint8Array | undefined;
  result: Result;
}

function start(): void {
  let given: Given | undefined;
  let endpoints = watchPlace((changed) => {
    endpoints = changed;
    signing.useEndpoints(changed);
    refresh();
  });
  const comparison = watchComparison();

  const explainedNow = (content: Uint8Array): Explanation => explained(content, { endpoints });
  const refresh = (): void => {
    if (given?.content !== undefined) given.result.update(explainedNow(given.content));
  };
  const give = (content: Uint8Array): void => {
    const explanation = explainedNow(content);
    const { kind } = explanation;
    const isShownAgain = !NOT_SHOWN_AGAIN.has(kind);
    const token = isShownAgain ? new TextDecoder().decode(content).trim() : undefined;
    const result = showResult(content, explanation, token);
    given = { content: isShownAgain ? content : undefined, result };
    byId("given-forget").hidden = false;
    if (isShownAgain) comparison.useToken(content);
    if (kind === "oidc_federation") comparison.useExpected("federation", content);
    if (kind === "federated_credential") comparison.useExpected("credential", content);
    if (kind === "service_account_key") void signing.useKey(content).finally(() => content.fill(0));
  };
  const signing = watchSigning(endpoints, (jwt) => {
    give(new TextEncoder().encode(jwt));
    byId("result").scrollIntoView();
  });
  watchInput(give);
  byId("given-forget").addEventListener("click", () => {
    given?.content?.fill(0);
    given = undefined;
    hideResult();
    signing.forget();
    comparison.forget();
    byId("given-forget").hidden = true;
    byId("given-text").focus();
    announce("everything is forgotten");
  });
  setInterval(refresh, SECOND);
}

prepare().then(start, (error: unknown) => {
  announce(`this page does not work in this browser: ${String(error)}`);
  byId("status").classList.remove("heard");
});
