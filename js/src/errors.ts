/**
 * What went wrong. The codes are stable and the same in every language; `errorCodes()` says what each of them means.
 */
export type ErrorCode =
  | "empty_key"
  | "invalid_json"
  | "missing_field"
  | "invalid_field"
  | "key_id_mismatch"
  | "invalid_pem"
  | "invalid_private_key"
  | "unsupported_key_type"
  | "unsupported_key_size"
  | "encrypted_key"
  | "public_key_given"
  | "inconsistent_key"
  | "api_key_given"
  | "oauth_token_given"
  | "iam_token_given"
  | "static_key_given"
  | "path_given"
  | "bare_pem_given"
  | "unreadable_file"
  | "invalid_credential"
  | "invalid_subject_token"
  | "missing_variable"
  | "supplier_failed"
  | "no_service_account"
  | "metadata_unavailable"
  | "no_credentials"
  | "not_in_cluster"
  | "invalid_certificate"
  | "invalid_kubernetes_secret"
  | "invalid_kubeconfig"
  | "invalid_endpoint"
  | "insecure_endpoint"
  | "invalid_time"
  | "invalid_lifetime"
  | "invalid_audience"
  | "invalid_argument"
  | "unexpected_outcome"
  | "cancelled"
  | "signing_failed"
  | "connection_failed"
  | "timeout"
  | "tls_failed"
  | "transport_failed"
  | "redirect_refused"
  | "html_response"
  | "empty_response"
  | "truncated_response"
  | "oversize_response"
  | "invalid_response"
  | "invalid_token"
  | "token_expired"
  | "bad_request"
  | "unauthenticated"
  | "permission_denied"
  | "not_found"
  | "conflict"
  | "operation_failed"
  | "operation_unfinished"
  | "rate_limited"
  | "server_error"
  | "unexpected_status";

/** Who must act so that it works next time. */
export type Fault = "key" | "config" | "caller" | "remote" | "network" | "clock";

/** What an error says. */
export interface ErrorDetails {
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Who must act. */
  readonly fault: Fault;
  /** Whether the same call can succeed later with nothing changed. */
  readonly transient: boolean;
  /** What happened, for people. */
  readonly message: string;
  /** What to do next; may be empty. */
  readonly hint: string;
  /** The HTTP status, where a service answered. */
  readonly status?: number | undefined;
  /** The ID under which the service's support finds the request. */
  readonly requestId?: string | undefined;
  /** For how many seconds the service asked not to be called again. */
  readonly retryAfter?: number | undefined;
}

/** What a code means. */
export interface ErrorCodeInfo {
  /** The code; stable. */
  readonly code: ErrorCode;
  /** Who must act. */
  readonly fault: Fault;
  /** Whether the same call can succeed later with nothing changed. */
  readonly transient: boolean;
  /** A sentence. */
  readonly description: string;
}

/**
 * Why there is no token, or no key. Its text names what was given and what to do, and never holds a byte of a key or a
 * token.
 */
export class YcIamError extends Error {
  static {
    Object.defineProperty(this.prototype, "name", { value: "YcIamError", configurable: true, writable: true });
  }

  /** What went wrong; stable. */
  readonly code: ErrorCode;
  /** Who must act. */
  readonly fault: Fault;
  /** Whether the same call can succeed later with nothing changed. */
  readonly transient: boolean;
  /** What to do next; may be empty. The message ends with it. */
  readonly hint: string;
  /** The HTTP status, where a service answered. */
  declare readonly status: number | undefined;
  /** The ID under which the service's support finds the request. */
  declare readonly requestId: string | undefined;
  /** For how many seconds the service asked not to be called again. */
  declare readonly retryAfter: number | undefined;

  /** For this package: a program catches them. */
  constructor(details: ErrorDetails, cause?: unknown) {
    super(details.message, cause === undefined ? undefined : { cause });
    this.code = details.code;
    this.fault = details.fault;
    this.transient = details.transient;
    this.hint = details.hint;
    // What an error lacks is not shown either when it is printed.
    if (details.status !== undefined) this.status = details.status;
    if (details.requestId !== undefined) this.requestId = details.requestId;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
  }
}
