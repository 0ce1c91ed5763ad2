// The core, which knows everything: its modules are inside this script, for the page may not fetch anything.

import core from "../../dist/yc_iam.wasm";
import signer from "../../dist/yc_iam_signer.wasm";
import tools from "../../dist/yc_iam_tools.wasm";
import { type ExplainOptions, type Explanation, explain } from "../../src/explain.js";
import { Endpoints, init, redact, ServiceAccountKey } from "../../src/web.js";
import { call, described } from "../../src/tools-core.js";

export { Endpoints, type Explanation, redact, ServiceAccountKey };
export type { Finding } from "../../src/explain.js";

/** A field of a JWT's header or claims. */
export interface JwtField {
  part: "header" | "claims";
  name: string;
  value: string;
  remark: string;
}

export const prepare = (): Promise<void> => init(core, { signer, tools });

export const now = (): number => Date.now() / 1000;

export const explained = (content: Uint8Array, options: ExplainOptions): Explanation =>
  explain(content, { ...options, now: now() });

export const decoded = (content: Uint8Array): JwtField[] => call((tools) => tools.decodedJwt(content, now())) as JwtField[];

/** The command that exchanges this JWT. */
export const curl = (endpoints: Endpoints, jwt: string): string => call((tools) => tools.jwtCurl(described(endpoints), jwt));
