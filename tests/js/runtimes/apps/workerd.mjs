import { respond } from "./worker.mjs";

export default { fetch: respond };
