// Requests that are led elsewhere: what the servers see of them, and what the caller gets.
import { Credentials } from "yc-iam";

const post = (body, init = {}) => ({ method: "POST", body, headers: { "content-type": "text/plain", cookie: "a=b", "x-own": "1" }, ...init });
const stream = () => new Blob(["stream"]).stream();

/** `to(status, ...places)`: a URL of the first server that leads there by way of the others. */
const cases = (to) => ({
  ...Object.fromEntries(
    [301, 302, 303, 307, 308].flatMap((status) => [
      [`GET, ${status}, away`, [to(status, "away")]],
      [`GET, ${status}, the same origin`, [to(status, "here")]],
      [`POST, ${status}, away`, [to(status, "away"), post("text")]],
      [`POST, ${status}, the same origin`, [to(status, "here"), post("text")]],
      [`PUT, ${status}, away`, [to(status, "away"), post("text", { method: "PUT" })]],
      [`HEAD, ${status}, away`, [to(status, "away"), { method: "HEAD" }]],
    ]),
  ),
  "a Request": [new Request(to(302, "here", "away"), { headers: { "x-own": "1" } })],
  "a Request with a body that is not needed": [new Request(to(303, "away"), post("text"))],
  "there and back": [to(302, "away", "here")],
  "many": [to(302, ...Array(19).fill("here"))],
  "too many": [to(302, ...Array(21).fill("here"))],
  "a fragment": [`${to(302, "here")}#part`],
  "a stream": [to(307, "here"), post(stream(), { duplex: "half" })],
  "a file": [to(302, "file")],
  "nowhere": [to(302, "nowhere")],
  "no redirect": [to(304)],
  "by hand": [to(302, "away"), { redirect: "manual" }],
});

/** For each case what came of it. */
export async function transcript(here, away) {
  const creds = Credentials.fixed("t1.fixed");
  const addresses = { here, away, file: "file:///etc/hosts" };
  const to = (status, ...places) => {
    const [next, ...rest] = places;
    if (next === undefined) return `${here}/?status=${status}`;
    const path = (at, [further, ...others]) => (further === undefined ? `${at}/end` : `${at}/?status=${status}&location=${encodeURIComponent(path(addresses[further], others))}`);
    return next === "nowhere" ? `${here}/?status=${status}&nowhere` : path(here, [next, ...rest]);
  };
  const outcomes = {};
  for (const [name, [input, init]] of Object.entries(cases(to))) {
    outcomes[name] = await creds.fetch(input, init).then(
      async (response) => ({ status: response.status, text: await response.text(), redirected: response.redirected, url: response.url }),
      (error) => error.name,
    );
  }
  return outcomes;
}
