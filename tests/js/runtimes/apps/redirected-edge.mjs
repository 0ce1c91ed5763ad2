import { respond } from "./redirected-worker.mjs";

addEventListener("fetch", (event) => event.respondWith(respond(event.request)));
