import { respond } from "./worker.mjs";

addEventListener("fetch", (event) => event.respondWith(respond(event.request)));
