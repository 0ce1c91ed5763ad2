// A worker, and an edge function.
import { transcript } from "./redirected.mjs";

export async function respond(request) {
  const { searchParams } = new URL(request.url);
  return Response.json(await transcript(searchParams.get("here"), searchParams.get("away")));
}

export default { fetch: respond };
