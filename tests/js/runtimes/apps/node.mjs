// Node, Deno and Bun, as an ES module.
import * as yc from "yc-iam";
import * as kubernetes from "yc-iam/kubernetes";
import { run } from "./suite.mjs";

console.log(JSON.stringify(await run(yc, kubernetes)));
