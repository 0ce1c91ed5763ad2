// What was noticed, and how to mend it.

import type { Finding } from "./core.js";
import { element, sentence } from "./dom.js";

const MARKS = { error: "✕", warning: "!", note: "i" } as const;
const WORDS = { error: "Error", warning: "Warning", note: "Note" } as const;

/** A list, the worst first, as the core gives them. */
export function findingsList(findings: readonly Finding[]): HTMLElement {
  return element("ul", { class: "findings", role: "list" }, ...findings.map(item));
}

function item({ severity, code, message, hint }: Finding): HTMLElement {
  const isMatch = severity === "note" && code.endsWith("_matches");
  const mark = element("span", { class: "mark", "aria-hidden": "true" }, isMatch ? "✓" : MARKS[severity]);
  const word = element("span", { class: "heard" }, `${WORDS[severity]}: `);
  const said = element("p", {}, word, sentence(message));
  const text = element("div", {}, said);
  if (hint !== "") text.append(element("p", { class: "hint" }, sentence(hint)));
  return element("li", { class: severity, "data-code": code }, mark, text);
}
