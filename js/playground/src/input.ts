// What people give: pasted, typed, dropped or chosen.

import { byId } from "./dom.js";

/** More than anything that can be explained; the core says so of what is longer. */
const MAX_BYTES = 2 * 1024 * 1024;

export type Give = (content: Uint8Array) => void;

export function watchInput(give: Give): void {
  const text = byId<HTMLTextAreaElement>("given-text");
  const file = byId<HTMLInputElement>("given-file");
  byId("given-form").addEventListener("submit", (event) => {
    event.preventDefault();
    give(bytes(text.value));
    text.value = "";
  });
  // It never gets into the field: nobody looks over the shoulder.
  document.addEventListener("paste", (event) => {
    if (isOtherField(event.target, text)) return;
    const transfer = event.clipboardData;
    if (transfer === null) return;
    event.preventDefault();
    take(transfer, give);
    text.value = "";
  });
  byId("given-choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen !== undefined) void read(chosen).then(give);
    file.value = "";
  });
  watchDrops(give);
}

/** Drops anywhere, or the browser would open the file in place of this page; in another text field they are its own. */
function watchDrops(give: Give): void {
  const zone = byId("given");
  const mark = (on: boolean) => zone.classList.toggle("over", on);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    if (event.dataTransfer !== null) take(event.dataTransfer, give);
  });
}

function take(transfer: DataTransfer, give: Give): void {
  const file = transfer.files[0];
  if (file !== undefined) void read(file).then(give);
  else give(bytes(transfer.getData("text/plain")));
}

async function read(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, MAX_BYTES).arrayBuffer());
}

const isOtherField = (target: EventTarget | null, own: HTMLElement): boolean =>
  target !== own && (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
