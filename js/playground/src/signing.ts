// Signs a JWT with the key that was given, and shows the command that exchanges it.

import { curl, Endpoints } from "./core.js";
import { button, byId, element } from "./dom.js";
import { refuse } from "./problem.js";
import { secretView } from "./secret.js";
import { type SigningKey, signingKey } from "./signing-key.js";
import { announce } from "./status.js";

const PROBLEM = "signing-problem";

export interface Signing {
  /** Takes a key file; what was signed before goes. */
  useKey(content: Uint8Array): Promise<void>;
  useEndpoints(endpoints: Endpoints): void;
  forget(): void;
}

/** `look` explains the JWT, as if somebody had pasted it. */
export function watchSigning(endpoints: Endpoints, look: (jwt: string) => void): Signing {
  const audience = byId<HTMLInputElement>("signing-audience");
  const lifetime = byId<HTMLInputElement>("signing-lifetime");
  const output = byId("signing-output");
  let key: SigningKey | undefined;

  const draw = (): void => {
    output.replaceChildren();
    byId(PROBLEM).hidden = true;
    byId("signing-form").hidden = key === undefined;
    byId("signing-empty").hidden = key !== undefined;
    const words = `Key ${key?.id ?? ""} of the service account ${key?.serviceAccountId ?? ""}`;
    byId("signing-key").textContent = key === undefined ? "" : words;
  };
  const sign = async (key: SigningKey): Promise<void> => {
    output.replaceChildren();
    byId(PROBLEM).hidden = true;
    try {
      const signed = await key.sign({ audience: audience.value.trim(), lifetime: Number(lifetime.value.trim() || "NaN") });
      output.append(...signedView(signed, endpoints, look));
      announce(signed.isVerified ? "JWT signed and verified" : "JWT signed");
    } catch (error) {
      refuse(PROBLEM, error);
    }
  };
  byId("signing-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (key !== undefined) void sign(key);
  });
  audience.value = endpoints.audience;
  return {
    async useKey(content) {
      key = undefined;
      const taken = signingKey(content);
      // What the core refuses is among the findings already.
      key = await taken.catch(() => undefined);
      draw();
    },
    useEndpoints(changed) {
      endpoints = changed;
      audience.value = changed.audience;
      output.replaceChildren();
    },
    forget() {
      key = undefined;
      lifetime.value = "3600";
      draw();
    },
  };
}

function signedView(
  { jwt, isVerified }: { jwt: string; isVerified: boolean },
  endpoints: Endpoints,
  look: (jwt: string) => void,
): HTMLElement[] {
  const said = isVerified
    ? "Signed with PS256, and verified with the key’s public half."
    : "Signed with PS256. Over https this page verifies it as well.";
  return [
    element("p", { class: "verdict", "data-good": "true" }, said),
    element("h3", {}, "The JWT"),
    secretView("JWT", jwt),
    element("h3", {}, "Its exchange for an IAM token"),
    secretView("command", curl(endpoints, jwt)),
    element("div", { class: "row" }, button("Explain this JWT", () => look(jwt))),
  ];
}
