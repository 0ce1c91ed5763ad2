// The time that is left, as a bar that gets shorter.

import type { Explanation } from "./core.js";
import { now } from "./core.js";
import { element } from "./dom.js";

export interface TimeBar {
  readonly element: HTMLElement;
  /** Draws it as it is now; hides it for what does not say from when until when it is good. */
  update(explanation: Explanation): void;
}

/** Below this share of its life, a token is near its end. */
const NEAR = 0.1;

export function timeBar(): TimeBar {
  const fill = element("div", { class: "fill" });
  const bar = element(
    "div",
    { class: "bar", role: "progressbar", "aria-label": "time left", "aria-valuemin": "0", "aria-valuemax": "100" },
    fill,
  );
  const [begin, end] = [element("span"), element("span")];
  const made = element("div", { class: "time" }, bar, element("p", { class: "ends" }, begin, end));
  return {
    element: made,
    update({ facts }) {
      const [from, until] = ["issued_at", "expires_at"].map((name) => facts.find((fact) => fact.name === name));
      const left = from && until ? share(Date.parse(from.value) / 1000, Date.parse(until.value) / 1000) : undefined;
      made.hidden = left === undefined;
      if (left === undefined || from === undefined || until === undefined) return;
      const ends = left === 0 ? `expired ${until.remark}` : `expires ${until.remark}`;
      begin.textContent = `issued ${from.remark}`;
      end.textContent = ends;
      fill.style.setProperty("--left", String(left));
      bar.dataset["state"] = left === 0 ? "over" : left < NEAR ? "near" : "good";
      bar.setAttribute("aria-valuenow", String(Math.round(left * 100)));
      bar.setAttribute("aria-valuetext", ends);
    },
  };
}

/** The share of its life that is left: 0 to 1. */
function share(from: number, until: number): number | undefined {
  if (!(until > from)) return undefined;
  return Math.min(Math.max((until - now()) / (until - from), 0), 1);
}
