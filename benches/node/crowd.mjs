// Callers that wait, and no token that is still good: from when the exchange is sent, how long it takes, and until they have the token.
// Arguments: the key file, how many. Prints milliseconds: {"exchange": …, "p50": …, "p99": …}.
import { Credentials } from "yc-iam";

const [keyFile, count] = [process.argv[2], Number(process.argv[3])];
let sent, took;
let allThere;

const creds = Credentials.serviceAccount(keyFile, {
  fetch: async (input, init) => {
    await allThere;
    sent = performance.now();
    const response = await fetch(input, init);
    const body = await response.arrayBuffer();
    took = performance.now() - sent;
    return new Response(body, response);
  },
});
creds.invalidate(await creds.getToken());

let isThere;
allThere = new Promise((resolve) => (isThere = resolve));
const callers = Array.from({ length: count }, () => creds.getToken().then(() => performance.now()));
isThere();

const waits = (await Promise.all(callers)).map((end) => end - sent).sort((a, b) => a - b);
console.log(JSON.stringify({ exchange: took, p50: waits[count >> 1], p99: waits[Math.floor(count * 0.99)] }));
