import { internals, type Token } from "./node.js";
import { call } from "./tools.js";

/** A token, and when it ends. */
export interface ExecToken {
  /** The token itself. */
  readonly value: string;
  /** Seconds since the epoch; `Infinity`, or nothing, where that is not known. */
  readonly expiresAt?: number | undefined;
}

/**
 * What a credential plug-in prints for `kubectl`: JSON with this token, an IAM token or a service account's: a secret.
 *
 * `execInfo`: what `kubectl` put into `KUBERNETES_EXEC_INFO`, by default that variable; it says which version is wanted.
 *
 * @throws {YcIamError} `invalid_argument` if `execInfo` is none or asks for an unknown version; `invalid_credential` for
 *   what cannot be a token.
 */
export function execCredential(
  token: Token | ExecToken,
  { execInfo = internals.variables()["KUBERNETES_EXEC_INFO"] }: { execInfo?: string | undefined } = {},
): string {
  const { value, expiresAt = Infinity } = token;
  const end = Number(expiresAt);
  return call((core) => core.execCredential(internals.text("token", value), end, execInfo)) as string;
}
