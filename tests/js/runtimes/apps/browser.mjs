// A page or a web worker. `urls` says where the modules are if they are not beside the bundle.
import * as yc from "yc-iam";
import * as kubernetes from "yc-iam/kubernetes";
import { run } from "./suite.mjs";

async function runInBrowser(urls) {
  let tooEarly = "no error";
  try {
    yc.redact("");
  } catch (error) {
    tooEarly = error.message;
  }
  await yc.init(urls?.core, { signer: urls?.signer ?? true, tools: urls?.tools });
  const report = await run(yc, kubernetes, { web: true });
  if (!tooEarly.includes("await init()")) report.failures.push(`used too early: ${tooEarly}`);
  return report;
}

if (globalThis.document === undefined) runInBrowser(globalThis.urls).then((report) => postMessage(report));
else globalThis.runInPage = runInBrowser;
