// The edge function of examples/serverless, called as Vercel calls it, living by a clock that the test moves.
import { setClock } from "./clock.mjs";
import handler, { config } from "./serverless/vercel-edge/api/secret.js";

addEventListener("fetch", (event) => {
  setClock(event.request);
  event.respondWith(config.runtime === "edge" ? handler(event.request, event) : new Response(null, { status: 500 }));
});
