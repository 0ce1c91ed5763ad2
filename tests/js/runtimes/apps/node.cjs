// Node, Deno and Bun, as CommonJS.
const yc = require("yc-iam");
const kubernetes = require("yc-iam/kubernetes");

import("./suite.mjs").then(async ({ run }) => console.log(JSON.stringify(await run(yc, kubernetes))));
