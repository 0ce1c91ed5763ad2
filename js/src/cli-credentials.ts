// The credentials that a command line names, as a session of the main module.

import { Endpoints, type EndpointOverrides, type Fetch, internals } from "./node.js";

/** What the core's `CredentialsChoice` says; it was checked there. */
export interface Choice {
  origin: "default" | "keyFile" | "key" | "tokenFile" | "tokenEnv" | "token" | "githubActions" | "oauth" | "metadata";
  value?: string;
  serviceAccountId?: string;
  impersonate?: string;
  endpoints: EndpointOverrides;
}

type Variables = Readonly<Record<string, string | undefined>>;
type Core = Parameters<Parameters<typeof internals.call>[0]>[0];
type CoreSource = ReturnType<Core["Source"]["metadata"]>;

/** Gives tokens, and drops those that are refused. */
export function credentialsOf(choice: Choice, variables: Variables, fetch: Fetch): InstanceType<typeof internals.Renewal> {
  const tools = { fetch, signers: new internals.SessionSigners(undefined), supplier: undefined };
  const source = (): CoreSource => internals.call((core) => sourceOf(core, choice, variables));
  return new internals.Renewal({ name: choice.origin, source }, Endpoints.custom(choice.endpoints), tools);
}

function sourceOf(core: Core, choice: Choice, variables: Variables): CoreSource {
  const source = originOf(core, choice, variables);
  return choice.impersonate === undefined ? source : core.Source.impersonate(choice.impersonate, source);
}

function originOf({ ServiceAccountKey, Source, SubjectToken }: Core, choice: Choice, variables: Variables): CoreSource {
  const { origin, value = "", serviceAccountId = "" } = choice;
  switch (origin) {
    case "default":
      return Source.byEnvironment(variables, undefined, internals.now(), true);
    case "keyFile":
      return Source.keyFile(value);
    case "key":
      return Source.serviceAccount(ServiceAccountKey.fromJson(value));
    case "tokenFile":
      return Source.workloadIdentity(serviceAccountId, SubjectToken.file(value));
    case "tokenEnv":
      return Source.workloadIdentity(serviceAccountId, SubjectToken.variable(value));
    case "token":
      return Source.workloadIdentity(serviceAccountId, SubjectToken.value(value));
    case "githubActions":
      return Source.workloadIdentity(serviceAccountId, SubjectToken.githubActions(choice.value, variables));
    case "oauth":
      return Source.oauth(value);
    case "metadata":
      return Source.metadata();
  }
}
