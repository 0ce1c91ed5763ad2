// Elements by their ids, and new ones.

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as E;
}

type Child = Node | string;

/** A new element. Text stays text, whatever is in it. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string, press: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" }, label);
  made.addEventListener("click", press);
  return made;
}

/** A sentence of the core's, which puts between backticks what was given; with a capital at its beginning. */
export function sentence(text: string): DocumentFragment {
  const made = document.createDocumentFragment();
  text.split("`").forEach((piece, place) => {
    if (place % 2 === 1) made.append(element("code", {}, piece));
    else made.append(place === 0 ? piece.slice(0, 1).toUpperCase() + piece.slice(1) : piece);
  });
  return made;
}
