// The Cloudflare worker of examples/serverless, living by a clock that the test moves.
import { setClock } from "./clock.mjs";
import worker from "./serverless/cloudflare-worker/worker.js";

export default {
  ...worker,
  fetch(request, ...more) {
    setClock(request);
    const answer = worker.fetch(request, ...more);
    // As if its caller had hung up: the answer is nobody's.
    if (request.headers.has("x-hangs-up")) answer.catch(() => undefined);
    return request.headers.has("x-hangs-up") ? new Response(null, { status: 204 }) : answer;
  },
};
