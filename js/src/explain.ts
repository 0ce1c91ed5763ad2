import type { FederatedCredential } from "./federated-credentials.js";
import type { Federation } from "./federations.js";
import { isUint8Array } from "./kinds.js";
import { Endpoints, internals } from "./node.js";
import { inspect } from "./redacted.js";
import { call, described } from "./tools-core.js";

/** What an explanation depends on besides what is explained. */
export interface ExplainOptions {
  /** The federation that an external token is to be compared with: as the API gives it, or JSON of the API's or of `yc`. */
  federation?: Federation | object | string | Uint8Array | undefined;
  /** The federated credential that it is to be compared with, in the same forms. */
  credential?: FederatedCredential | object | string | Uint8Array | undefined;
  /** Where the services are: a JWT for them has their audience. By default what the environment asks for. */
  endpoints?: Endpoints | undefined;
  /** Seconds since the epoch; by default the system's time. */
  now?: number | undefined;
}

/** Something that a credential says of itself. Several facts may have one name: a token may have several audiences. */
export interface Fact {
  /** Stable, in snake case. */
  readonly name: string;
  /** The name as people read it. */
  readonly label: string;
  /** A time is RFC 3339 in UTC. */
  readonly value: string;
  /** What the value means now: `in 43 min`, `2 h ago`; mostly empty. */
  readonly remark: string;
}

/** Something that was noticed, and what to do about it. */
export interface Finding {
  /** `"error"`: it cannot work like this. `"warning"`: it may work, and may be not what was meant. `"note"`: good to know. */
  readonly severity: "note" | "warning" | "error";
  /** Stable, in snake case. */
  readonly code: string;
  /** What was noticed. */
  readonly message: string;
  /** What to do; may be empty. */
  readonly hint: string;
}

interface Explained {
  kind: string;
  title: string;
  facts: Fact[];
  findings: Finding[];
  isGood: boolean;
  text: string;
  json: string;
}

/** What something is, what it says of itself, and what is wrong with it. Holds no byte of a secret. */
export class Explanation {
  readonly #text: string;
  readonly #json: string;
  /** What it is: a stable name, such as `service_account_key`, `iam_token` or `kubernetes_token`. */
  readonly kind: string;
  /** What it is, as people say it. */
  readonly title: string;
  /** What it says of itself. */
  readonly facts: readonly Fact[];
  /** What was noticed, the worst first. */
  readonly findings: readonly Finding[];
  /** Whether nothing is known that keeps it from working: no finding is an error. */
  readonly isGood: boolean;

  /** @internal */
  constructor(explained: Explained) {
    this.kind = explained.kind;
    this.title = explained.title;
    this.facts = explained.facts;
    this.findings = explained.findings;
    this.isGood = explained.isGood;
    this.#text = explained.text;
    this.#json = explained.json;
  }

  /** For people: the title, a line for each fact, and two for each finding. No line break at the end. */
  toString(): string {
    return this.#text;
  }

  /** For programs: `kind`, `title`, `good`, `facts` and `findings`, the same in every language. */
  toJSON(): object {
    return JSON.parse(this.#json) as object;
  }

  /** @internal */
  [inspect](): string {
    return this.#text;
  }
}

/** @internal */
export function explain(content: string | Uint8Array, options: ExplainOptions): Explanation {
  const { federation, credential, endpoints = Endpoints.fromEnv(), now = internals.now() } = options;
  const given = bytes("content", content);
  const explained = call((core) =>
    core.explain(given, json("federation", federation), json("credential", credential), described(endpoints), now),
  );
  return new Explanation(explained as Explained);
}

function json(name: string, given: object | string | Uint8Array | undefined): Uint8Array | undefined {
  if (given === undefined) return undefined;
  const isObject = typeof given === "object" && !isUint8Array(given);
  return bytes(name, isObject ? JSON.stringify(given) : given);
}

/** @internal */
export function bytes(name: string, given: unknown): Uint8Array {
  if (typeof given === "string") return new TextEncoder().encode(given);
  if (isUint8Array(given)) return given;
  throw internals.unexpected(name, "is not a string or a Uint8Array", given);
}
