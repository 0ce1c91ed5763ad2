// What a screen reader says of itself when something has happened.

import { byId } from "./dom.js";

export function announce(text: string): void {
  const status = byId("status");
  // The same words twice are two events.
  status.textContent = status.textContent === text ? `${text}\u00a0` : text;
}
