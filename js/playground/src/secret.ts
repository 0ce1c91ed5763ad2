// Something secret: hidden until somebody asks for it, and copied without being shown.

import { redact } from "./core.js";
import { button, element } from "./dom.js";
import { announce } from "./status.js";

/** `name` goes into the buttons' labels: `JWT`, `command`. */
export function secretView(name: string, text: string): HTMLElement {
  const shown = element("pre", { tabindex: "0", role: "group", "aria-label": name });
  let isOpen = false;
  const show = button("", () => {
    isOpen = !isOpen;
    draw();
  });
  const draw = (): void => {
    shown.textContent = isOpen ? text : redact(text);
    show.textContent = isOpen ? `Hide the ${name}` : `Show the ${name}`;
    show.setAttribute("aria-pressed", String(isOpen));
  };
  draw();
  const copy = button(`Copy the ${name}`, () => void copied(text).then((done) => announce(done ? `${name} copied` : CANNOT)));
  return element("div", { class: "secret" }, shown, element("div", { class: "row" }, show, copy));
}

const CANNOT = "the browser does not let this page copy: show it and copy it by hand";

/** The clipboard's own interface is there on https and loopback only. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

function copiedBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = element("textarea", { class: "heard", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
