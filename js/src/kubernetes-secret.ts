import { bytes, call } from "./tools.js";
import { inspect, REDACTED } from "./redacted.js";

interface Parsed {
  name: string;
  namespace: string;
  serviceAccountName: string;
  token: string;
  caCertificate: string;
}

/**
 * What a Secret of type `kubernetes.io/service-account-token` holds, decoded. Printed, logged or turned into JSON, it does
 * not show the token.
 */
export class ServiceAccountSecret {
  readonly #token: string;
  /** The Secret's name. */
  readonly name: string;
  /** The service account's namespace, which is the Secret's too. */
  readonly namespace: string;
  /** The service account's name. */
  readonly serviceAccountName: string;
  /** The cluster's certificate authority, PEM. */
  readonly caCertificate: string;

  /** @internal */
  constructor(parsed: Parsed) {
    this.#token = parsed.token;
    this.name = parsed.name;
    this.namespace = parsed.namespace;
    this.serviceAccountName = parsed.serviceAccountName;
    this.caCertificate = parsed.caCertificate;
  }

  /** The service account's token: a secret. */
  get token(): string {
    return this.#token;
  }

  toJSON(): object {
    return { ...this, token: REDACTED };
  }

  toString(): string {
    return this[inspect]();
  }

  /** @internal */
  [inspect](): string {
    const { name, namespace, serviceAccountName } = this;
    return `ServiceAccountSecret { name: '${name}', namespace: '${namespace}', serviceAccountName: '${serviceAccountName}', token: ${REDACTED} }`;
  }
}

/**
 * Reads what `kubectl get secret NAME -o json` or `-o yaml` prints: the Secret, or a list with no other such Secret.
 *
 * @throws {YcIamError} `invalid_kubernetes_secret`, saying what was given instead or what is missing;
 *   `invalid_certificate` for its `ca.crt`.
 */
export function parseServiceAccountSecret(text: string | Uint8Array): ServiceAccountSecret {
  return new ServiceAccountSecret(call((core) => core.parseServiceAccountSecret(bytes("text", text))) as Parsed);
}
