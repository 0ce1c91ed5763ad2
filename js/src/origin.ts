// Every place that credentials come from, as a recipe: each session gets a source of its own.

import { call, type CoreSource } from "./core.js";
import { type Variables } from "./files.js";
import { text } from "./given.js";
import { coreKey, type ServiceAccountKey } from "./key.js";
import { type SubjectTokenPlace, subjectToken } from "./subject-token.js";
import { now } from "./wait.js";

/** What a function's handler gets as its second argument, or the `token` of it: an object, its JSON, or `null`. */
export type FunctionContext = object | string | null | undefined;

/** @internal */
export interface Origin {
  /** What it is, in a few words without a secret. */
  readonly name: string;
  /** A source for one session. */
  source(): CoreSource;
}

/** @internal */
export function serviceAccount(key: ServiceAccountKey): Origin {
  return {
    name: `service account ${key.serviceAccountId}`,
    source: () => call((core) => core.Source.serviceAccount(coreKey(key))),
  };
}

/** @internal */
export function oauth(token: string): Origin {
  text("token", token);
  return { name: "an OAuth token", source: () => call((core) => core.Source.oauth(token)) };
}

/** @internal */
export function workloadIdentity(serviceAccountId: string, place: SubjectTokenPlace): Origin {
  return {
    name: `workload identity of service account ${text("serviceAccountId", serviceAccountId).trim()}`,
    source: () => call((core) => core.Source.workloadIdentity(serviceAccountId, subjectToken(place))),
  };
}

/** @internal The token of a pod's Kubernetes service account. */
export function kubernetesToken(path: string): Origin {
  return { name: "a Kubernetes service account", source: () => call((core) => core.Source.kubernetesToken(path)) };
}

/** @internal */
export function metadata(): Origin {
  return { name: "metadata", source: () => call((core) => core.Source.metadata()) };
}

/** @internal */
export function invocation(context: FunctionContext): Origin {
  const token = contextToken(context);
  const receivedAt = now();
  return { name: "a function", source: () => call((core) => core.Source.function(token, receivedAt)) };
}

/** @internal */
export function fixed(token: string, expiresAt: number | undefined): Origin {
  text("token", token);
  return { name: "a fixed token", source: () => call((core) => core.Source.fixed(token, expiresAt)) };
}

/** @internal */
export function impersonation(serviceAccountId: string, through: Origin): Origin {
  return {
    name: `service account ${text("serviceAccountId", serviceAccountId).trim()} through ${through.name}`,
    source: () => call((core) => core.Source.impersonate(serviceAccountId, through.source())),
  };
}

/** @internal */
export function byEnvironment(variables: Variables, context: FunctionContext, probeMetadata: boolean): Origin {
  // Looked at once: what changes later changes nothing here.
  const seen = { ...variables };
  const token = context == null ? undefined : contextToken(context);
  const receivedAt = now();
  const look = (): CoreSource => call((core) => core.Source.byEnvironment(seen, token, receivedAt, probeMetadata));
  let first: CoreSource | undefined = look();
  const name = first.choice ?? "the environment";
  const source = (): CoreSource => {
    const taken = first ?? look();
    first = undefined;
    return taken;
  };
  return { name, source };
}

/** The JSON of `context.token`, whichever of the two was passed in. */
function contextToken(context: FunctionContext): string {
  const token = typeof context === "object" && context !== null && "token" in context ? context.token : context;
  return typeof token === "string" ? token : JSON.stringify(token ?? null);
}
