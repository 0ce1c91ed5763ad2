// The Cloudflare worker of examples/serverless, living by a clock that the test moves.
import { setClock } from "./clock.mjs";
import worker from "./serverless/cloudflare-worker/worker.js";

export default {
  ...worker,
  fetch(request, ...more) {
    setClock(request);
    return worker.fetch(request, ...more);
  },
};
