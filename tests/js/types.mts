// Compiled, not run: what the types must allow, and what they must refuse.
import {
  Credentials,
  Endpoints,
  type ErrorCode,
  errorCodes,
  explain,
  type Explanation,
  type Fault,
  type FederatedCredential,
  type Federation,
  init,
  type LockboxPayload,
  type Operation,
  type Page,
  redact,
  ServiceAccountKey,
  type Signer,
  type SubjectTokenPlace,
  Token,
  YcIamError,
} from "yc-iam";
import { execCredential, InCluster, kubeconfig, parseServiceAccountSecret } from "yc-iam/kubernetes";
import { afterEach, beforeEach } from "node:test";
import { Emulator, type EmulatorFault, Issuer, type ReceivedRequest, TokenFile, useEmulator } from "yc-iam/testing";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<_A, _B>(_proof: Same<_A, _B>): void {}

const key = ServiceAccountKey.fromJson("");
ServiceAccountKey.fromJson(new Uint8Array());
ServiceAccountKey.fromFile(new URL("file:///key.json"));
ServiceAccountKey.fromObject({ id: "" });
// @ts-expect-error a number is no content
ServiceAccountKey.fromJson(5);
// @ts-expect-error keys are read, not made
new ServiceAccountKey();
same<typeof key.id, string>(true);
same<typeof key.createdAt, string | undefined>(true);
// @ts-expect-error read only
key.id = "";

same<string, ReturnType<typeof key.signJwt>>(true);
key.signJwt({ now: 1, lifetime: 60, audience: undefined });
// @ts-expect-error a time is a number of seconds
key.signJwt({ now: new Date() });
same<Promise<string>, ReturnType<typeof key.signJwtWith>>(true);
const signer: Signer = async (signingInput) => crypto.subtle.digest("SHA-256", signingInput);
await key.signJwtWith(signer);
// @ts-expect-error not a signer
await key.signJwtWith("kms");
// @ts-expect-error not a signature
await key.signJwtWith(() => "signature");

const creds = Credentials.serviceAccount(key, { endpoints: Endpoints.kazakhstan(), fetch, signer: "core" });
Credentials.serviceAccount("key.json", { endpoints: undefined, fetch: undefined, signer: undefined });
Credentials.serviceAccount({ id: "" });
// @ts-expect-error misspelt
Credentials.serviceAccount("key.json", { endpoint: Endpoints.default() });
// @ts-expect-error endpoints are made by their functions
Credentials.serviceAccount("key.json", { endpoints: { iam: "" } });
const token = await creds.getToken({ signal: AbortSignal.timeout(1) });
same<typeof token, Token>(true);
same<typeof token.expiresAt, number>(true);
// @ts-expect-error tokens come from credentials
new Token();
same<Promise<string>, ReturnType<typeof creds.authorization>>(true);
same<boolean, ReturnType<typeof creds.invalidate>>(true);
creds.invalidate(token);
creds.invalidate("t1.");
const response: Response = await creds.fetch("https://example.org", { method: "POST", body: "" });
await creds.fetch(new Request("https://example.org"));
await creds.fetch(new URL("https://example.org"));
const asFetch: typeof fetch = (input, init) => creds.fetch(input, init);

const signal = AbortSignal.timeout(1);
same<Promise<LockboxPayload>, ReturnType<typeof creds.lockbox.get>>(true);
const payload = await creds.lockbox.getByName("b1g", "database", { versionId: "e6q", signal, timeout: 1 });
same<string, ReturnType<typeof payload.text>>(true);
same<Uint8Array, ReturnType<typeof payload.bytes>>(true);
// @ts-expect-error misspelt
creds.lockbox.get("e6q", { version: "e6q" });
same<Promise<Federation[]>, ReturnType<typeof creds.federations.list>>(true);
same<Promise<Page<FederatedCredential>>, ReturnType<typeof creds.federatedCredentials.listPage>>(true);
await creds.federations.create({ folderId: "b1g", name: "a", issuer: "https://a", audiences: ["a"], jwksUrl: "https://a" });
// @ts-expect-error a federation has an issuer
await creds.federations.create({ folderId: "b1g", name: "a", audiences: ["a"], jwksUrl: "https://a" });
// @ts-expect-error which cannot be changed
await creds.federations.update("aje", { issuer: "https://a" });
await creds.federatedCredentials.create({ serviceAccountId: "aje", federationId: "aje", externalSubjectId: "a" });
same<Promise<void>, ReturnType<typeof creds.federatedCredentials.delete>>(true);
same<Promise<Operation>, ReturnType<typeof creds.operations.wait>>(true);
// @ts-expect-error a timeout is a number of seconds
await creds.operations.wait("fv4", { timeout: "1s" });
same<Promise<string>, ReturnType<typeof creds.revoke>>(true);
same<Explanation, ReturnType<typeof explain>>(true);
explain(new Uint8Array(), { federation: await creds.federations.get("aje"), credential: "{}", now: 1 });

const cluster = InCluster.fromPod({ directory: "/tmp", variables: process.env });
same<Promise<Response>, ReturnType<typeof cluster.fetch>>(true);
same<Promise<Token>, ReturnType<typeof cluster.getToken>>(true);
const names = { server: "https://10.0.0.1", cluster: "a", context: "b", user: "c" };
kubeconfig({ ...names, exec: { command: "yc-iam", args: ["exec-credential"] }, format: "json" });
// @ts-expect-error exactly one proof
kubeconfig({ ...names, token: "t", tokenFile: "/t" });
// @ts-expect-error and one there must be
kubeconfig(names);
same<string, ReturnType<typeof execCredential>>(true);
execCredential(token);
same<string, ReturnType<typeof parseServiceAccountSecret>["token"]>(true);

Credentials.oauth("y0_", { endpoints: undefined });
// @ts-expect-error an OAuth token needs no signer
Credentials.oauth("y0_", { signer: "core" });
Credentials.metadata();
Credentials.function(null);
Credentials.function({ token: {} });
Credentials.function('{"access_token": "t1."}');
// @ts-expect-error a number is no context
Credentials.function(5);
Credentials.fixed("t1.", { expiresAt: 1 });
// @ts-expect-error a time is a number of seconds
Credentials.fixed("t1.", { expiresAt: new Date() });
Credentials.impersonate("aje", creds, { fetch });
// @ts-expect-error the source is credentials
Credentials.impersonate("aje", "t1.");
Credentials.workloadIdentity("aje", { tokenFile: "token", endpoints: Endpoints.default() });
Credentials.workloadIdentity("aje", { tokenFile: "token", tokenEnv: undefined });
Credentials.workloadIdentity("aje", { tokenEnv: "CI_TOKEN" });
Credentials.workloadIdentity("aje", { token: "eyJ" });
Credentials.workloadIdentity("aje", { token: () => "eyJ" });
Credentials.workloadIdentity("aje", { token: async () => "eyJ" });
Credentials.workloadIdentity("aje", { tokenUrl: "https://example.org", tokenHeaders: { a: "b" }, tokenField: "value" });
Credentials.workloadIdentity("aje", { tokenUrl: new URL("https://example.org"), tokenHeaders: new Headers() });
Credentials.workloadIdentity("aje", { githubActions: true, audience: "https://example.org" });
const place: SubjectTokenPlace = { tokenUrl: "https://example.org", tokenHeaders: [["a", "b"]] };
Credentials.workloadIdentity("aje", { ...place, fetch });
// @ts-expect-error somewhere it must be
Credentials.workloadIdentity("aje", {});
// @ts-expect-error and in one place only
Credentials.workloadIdentity("aje", { tokenFile: "token", tokenEnv: "CI_TOKEN" });
// @ts-expect-error a field of what?
Credentials.workloadIdentity("aje", { tokenFile: "token", tokenField: "value" });
// @ts-expect-error not a token
Credentials.workloadIdentity("aje", { token: () => 5 });
Credentials.default();
Credentials.default({ context: { token: null }, probeMetadata: false, variables: process.env, signer: "core" });
Endpoints.fromEnv({ YC_ENDPOINT: "api.yandexcloud.kz:443" }).with({ metadata: "http://127.0.0.1" });

Endpoints.custom({ iam: "https://example.org", audience: undefined });
// @ts-expect-error there is no such service
Endpoints.custom({ iem: "" });

declare const error: YcIamError;
same<typeof error.code, ErrorCode>(true);
same<typeof error.fault, Fault>(true);
same<typeof error.status, number | undefined>(true);
same<typeof error.retryAfter, number | undefined>(true);
const asError: Error = error;
// @ts-expect-error no such code
if (error.code === "no_such_code") throw asError;
same<string, ReturnType<typeof redact>>(true);
same<ErrorCode, ReturnType<typeof errorCodes>[number]["code"]>(true);

await using emulator = await Emulator.start({ clock: () => 0, tokenLifetime: 60 });
const fault: EmulatorFault = { status: 503, retryAfter: 0 };
emulator.orderFault(fault);
same<typeof emulator.requests, ReceivedRequest[]>(true);
same<typeof emulator.endpoints, Endpoints>(true);
const issuer = new Issuer("https://example.org", { clock: () => 0 });
same<ReturnType<typeof issuer.tokenFile>, TokenFile>(true);
emulator.createFederatedCredential("aje", emulator.trust(issuer), "system:serviceaccount:default:default");
emulator.attachServiceAccount(undefined);
emulator.createSecret("b1g", "database", { password: "p4ss", der: new Uint8Array() });
const ca: string = emulator.kubernetes.caCertificate;
const used = useEmulator({ beforeEach, afterEach, tokenLifetime: 60 });
same<typeof used.emulator, Emulator>(true);
same<ReturnType<typeof used.credentials>, Credentials>(true);
const log: string = used.emulator.log();
const content: string = emulator.serviceAccountKey({ bits: 4096 });
export { asFetch, ca, log, content, response };

same<ReturnType<typeof init>, Promise<void>>(true);
void init(new URL("https://example.net/yc_iam.wasm"), { signer: true, tools: new Uint8Array() });
// @ts-expect-error there is no such module
void init(undefined, { emulator: true });
// @ts-expect-error a number is no module
void init(5);
