// Compares an external token with a federation and a federated credential.

import { type Explanation, explained } from "./core.js";
import { byId, element, sentence } from "./dom.js";
import { findingsList } from "./findings.js";
import { attempt } from "./problem.js";
import { announce } from "./status.js";
import { type Row, table } from "./table.js";

interface Expected {
  federation?: object | string | undefined;
  credential?: object | string | undefined;
}

export interface Comparison {
  /** Compares this from now on; nothing: there is nothing to compare. */
  useToken(content: Uint8Array | undefined): void;
  /** Takes a federation's or a federated credential's JSON. */
  useExpected(part: "federation" | "credential", content: Uint8Array): void;
  forget(): void;
}

const field = (name: string) => byId<HTMLInputElement | HTMLTextAreaElement>(`comparison-${name}`);
const NAMES = ["issuer", "audiences", "subject", "federation", "credential"];

export function watchComparison(): Comparison {
  const form = byId<HTMLFormElement>("comparison-form");
  const output = byId("comparison-output");
  let token: Uint8Array | undefined;

  const isJson = (): boolean => new FormData(form).get("comparison-form-of") === "json";
  const draw = (): void => {
    byId("comparison-json").hidden = !isJson();
    byId("comparison-fields").hidden = isJson();
  };
  const compare = (): void => {
    output.replaceChildren();
    const content = token;
    if (content === undefined) return say(output, "give an external token above first");
    const expected = isJson() ? fromJson() : fromFields();
    if (expected.federation === undefined && expected.credential === undefined) {
      return say(output, "say what the federation or the federated credential expects");
    }
    attempt("comparison-problem", () => show(output, explained(content, {}), explained(content, expected)));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    compare();
  });
  form.addEventListener("change", draw);
  return {
    useToken(content) {
      token = content;
      output.replaceChildren();
    },
    useExpected(part, content) {
      field(part).value = new TextDecoder().decode(content);
      const json = form.querySelector<HTMLInputElement>('[value="json"]');
      if (json !== null) json.checked = true;
      draw();
    },
    forget() {
      token = undefined;
      output.replaceChildren();
      byId("comparison-problem").hidden = true;
      for (const name of NAMES) field(name).value = "";
    },
  };
}

/** What the comparison adds to what is known of the token anyway. */
function show(output: HTMLElement, alone: Explanation, compared: Explanation): void {
  const known = new Set(alone.findings.map(({ code }) => code));
  const added = compared.findings.filter(({ code }) => !known.has(code));
  if (added.length === 0) return say(output, `this is ${compared.title}: there is nothing in it to compare`);
  const isTaken = added.every(({ severity }) => severity !== "error");
  const words = isTaken ? "They go together" : "They do not go together";
  const others = alone.findings.some(({ severity }) => severity === "error") && isTaken ? ", but see the token’s own problems above" : "";
  output.append(
    element("p", { class: "verdict", "data-good": String(isTaken && others === "") }, words + others),
    findingsList(added),
  );
  const facts = compared.facts.filter(({ name }) => !alone.facts.some((fact) => fact.name === name));
  if (facts.length > 0) output.append(factsTable(facts.map(({ label, value, remark }) => ({ name: label, value, remark }))));
  announce(`${words}${others}`);
}

function factsTable(rows: Row[]): HTMLElement {
  const made = table("What follows", ["Name", "Value", "Meaning"]);
  made.update(rows);
  return made.element;
}

function say(output: HTMLElement, text: string): void {
  output.append(element("p", { class: "note" }, sentence(text)));
  announce(text);
}

function fromFields(): Expected {
  const [issuer, subject] = [field("issuer").value.trim(), field("subject").value.trim()];
  const audiences = field("audiences").value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return {
    // Without an issuer the core says that it is missing.
    federation: issuer === "" && audiences.length === 0 ? undefined : { issuer: issuer === "" ? null : issuer, audiences },
    credential: subject === "" ? undefined : { externalSubjectId: subject },
  };
}

function fromJson(): Expected {
  const text = (name: string): string | undefined => {
    const given = field(name).value.trim();
    return given === "" ? undefined : given;
  };
  return { federation: text("federation"), credential: text("credential") };
}
