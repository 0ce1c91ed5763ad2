// Node, Deno and Bun.
import { transcript } from "./redirected.mjs";

console.log(JSON.stringify(await transcript(process.env.HERE, process.env.AWAY)));
