// What was given: what it is, how long it lasts, what is wrong with it, what is in it.

import { decoded, type Explanation, type JwtField } from "./core.js";
import { byId, element } from "./dom.js";
import { findingsList } from "./findings.js";
import { secretView } from "./secret.js";
import { announce } from "./status.js";
import { type Table, table } from "./table.js";
import { timeBar } from "./time-bar.js";

export interface Result {
  /** Draws what changes with time, and says it where it matters. */
  update(explanation: Explanation): void;
}

/** Shows something new; `token` is its text where somebody may want to see it again. */
export function showResult(content: Uint8Array, explanation: Explanation, token: string | undefined): Result {
  const verdict = element("p", { class: "verdict" });
  const bar = timeBar();
  const findings = element("div");
  const facts = table("What it says of itself", ["Name", "Value", "Meaning"]);
  const parts = jwtTables(content);
  const body = byId("result-body");
  body.replaceChildren(verdict, bar.element, findings, scrollable(facts.element, "What it says of itself"));
  if (parts.length > 0) body.append(whole(parts));
  if (token !== undefined) body.append(secretView("token", token));
  byId("result").hidden = false;

  let drawn = "";
  const draw = (explanation: Explanation): void => {
    bar.update(explanation);
    facts.update(explanation.facts.map(({ label, value, remark }) => ({ name: label, value, remark })));
    for (const { table, part } of parts) table.update(fieldsOf(content, part));
    const said = JSON.stringify(explanation.findings.map(({ code }) => code));
    if (said === drawn) return;
    drawn = said;
    byId("result-title").textContent = capital(explanation.title);
    verdict.textContent = words(explanation);
    verdict.dataset["good"] = String(explanation.isGood);
    findings.replaceChildren(findingsList(explanation.findings));
    announce(`${explanation.title}. ${words(explanation)}`);
  };
  draw(explanation);
  return { update: draw };
}

export function hideResult(): void {
  byId("result").hidden = true;
  byId("result-title").textContent = "";
  byId("result-body").replaceChildren();
}

function words({ findings, isGood }: Explanation): string {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  if (!isGood) return `It cannot work as it is: ${errors === 1 ? "one problem" : `${errors} problems`}`;
  if (warnings > 0) return `It may work: ${warnings === 1 ? "one warning" : `${warnings} warnings`}`;
  return "Nothing is known that is wrong with it";
}

interface PartTable {
  part: JwtField["part"];
  table: Table;
}

const CAPTIONS = { header: "Header", claims: "Claims" } as const;

function jwtTables(content: Uint8Array): PartTable[] {
  const parts = ["header", "claims"] as const;
  return parts
    .filter((part) => fieldsOf(content, part).length > 0)
    .map((part) => ({ part, table: table(CAPTIONS[part], ["Name", "Value", "Meaning"]) }));
}

const fieldsOf = (content: Uint8Array, wanted: JwtField["part"]): JwtField[] =>
  decoded(content).filter(({ part }) => part === wanted);

/** Claims may be about people: they wait until somebody asks for them. */
function whole(parts: readonly PartTable[]): HTMLElement {
  const tables = parts.map(({ part, table }) => scrollable(table.element, CAPTIONS[part]));
  return element("details", {}, element("summary", {}, "Header and claims, decoded"), ...tables);
}

function scrollable(table: HTMLElement, name: string): HTMLElement {
  return element("div", { class: "scrollable", role: "region", tabindex: "0", "aria-label": name }, table);
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
