// Where the services are: one choice for the whole page.

import { Endpoints } from "./core.js";
import { byId } from "./dom.js";
import { attempt } from "./problem.js";

/** Calls back with the endpoints whenever they change, and gives them now. */
export function watchPlace(changed: (endpoints: Endpoints) => void): Endpoints {
  const choice = byId<HTMLSelectElement>("place");
  const url = byId<HTMLInputElement>("place-url");
  const read = (): void => {
    byId("place-custom").hidden = choice.value !== "custom";
    const endpoints = attempt("place-problem", () => chosen(choice.value, url.value.trim()), [url]);
    if (endpoints !== undefined) changed(endpoints);
  };
  choice.addEventListener("change", read);
  url.addEventListener("change", read);
  choice.value = "default";
  return Endpoints.default();
}

function chosen(choice: string, url: string): Endpoints {
  if (choice === "kazakhstan") return Endpoints.kazakhstan();
  return choice === "custom" && url !== "" ? Endpoints.custom({ iam: url }) : Endpoints.default();
}
