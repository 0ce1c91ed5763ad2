import { call } from "./tools.js";

/** A command that clients call for a token. */
export interface ExecPlugin {
  /** A name to be looked up, or a path. */
  command: string;
  /** They stand in the file for all to see: no secrets. */
  args?: readonly string[] | undefined;
  /** Further variables of its environment; no secrets either. */
  env?: Readonly<Record<string, string>> | undefined;
  /** What clients show if there is no such command. */
  installHint?: string | undefined;
  /** By default `client.authentication.k8s.io/v1`. */
  apiVersion?: string | undefined;
  /** Whether it may ask the one at the terminal; by default `"Never"`. */
  interactiveMode?: "Never" | "IfAvailable" | "Always" | undefined;
}

/** How the user proves who it is: exactly one of these. */
export type KubeconfigUser =
  /** This very token, written into the file. */
  | { token: string; tokenFile?: undefined; exec?: undefined; ycIam?: undefined }
  /** The path of a file with the token; clients read it again from time to time. */
  | { tokenFile: string; token?: undefined; exec?: undefined; ycIam?: undefined }
  /** A command that prints what `execCredential` gives. */
  | { exec: ExecPlugin; token?: undefined; tokenFile?: undefined; ycIam?: undefined }
  /** The command `yc-iam exec-credential` with these further arguments. */
  | { ycIam: readonly string[]; token?: undefined; tokenFile?: undefined; exec?: undefined };

/** What a kubeconfig is to say. */
export type KubeconfigOptions = KubeconfigUser & {
  /** The API server's https URL. */
  server: string;
  /** Its certificate authority, PEM; by default clients trust the machine's own. */
  caCertificate?: string | undefined;
  /** The name of the cluster's entry. */
  cluster: string;
  /** The name of the context's entry, which becomes the current context. */
  context: string;
  /** The name of the user's entry. */
  user: string;
  /** The context's namespace; by default `default`. */
  namespace?: string | undefined;
  /** By default `"yaml"`; `kubectl` reads both. */
  format?: "yaml" | "json" | undefined;
  /**
   * An existing kubeconfig: entries of the same names are replaced in it, all else is kept but its comments. Gives YAML.
   */
  mergeInto?: string | undefined;
};

/**
 * The file that `kubectl` reads: one cluster, one user, and a context of the two. Write it to a path that only its owner
 * can read.
 *
 * @throws {YcIamError} `invalid_kubeconfig` for what cannot stand in one, or a text to merge into that is none;
 *   `invalid_endpoint` or `insecure_endpoint` for the server; `invalid_certificate`; `invalid_credential` for a token that
 *   is none.
 */
export function kubeconfig(options: KubeconfigOptions): string {
  return call((core) => core.kubeconfig(options)) as string;
}
