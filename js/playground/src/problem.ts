// What the core refuses, shown where it was asked.

import { YcIamError } from "../../src/errors.js";
import { byId, element, sentence } from "./dom.js";
import { announce } from "./status.js";

/** Runs the work and gives what it gives; what it throws stands in the element of this id. */
export function attempt<T>(id: string, work: () => T, fields: HTMLElement[] = []): T | undefined {
  clear(id, fields);
  try {
    return work();
  } catch (error) {
    refuse(id, error, fields);
    return undefined;
  }
}

/** Shows an error in the element of this id. */
export function refuse(id: string, error: unknown, fields: HTMLElement[] = []): void {
  const { message, hint } = error instanceof YcIamError ? error : { message: String(error), hint: "" };
  const place = byId(id);
  place.replaceChildren(sentence(message));
  if (hint !== "") place.append(element("span", { class: "hint" }, sentence(hint)));
  place.hidden = false;
  for (const field of fields) field.setAttribute("aria-invalid", "true");
  announce(`${message}. ${hint}`);
}

function clear(id: string, fields: HTMLElement[]): void {
  byId(id).hidden = true;
  byId(id).replaceChildren();
  for (const field of fields) field.removeAttribute("aria-invalid");
}
