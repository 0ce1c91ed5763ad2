// Runs everything that the page is to run, and reports.
const reports = {};
const bundled = {};
globalThis.bundled = (name, promise) => (bundled[name] = promise);

const failed = (error) => ({ passed: 0, failures: [String(error?.stack ?? error)], jwts: [] });
const load = (src, type = "") =>
  new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src, type, onload: resolve });
    script.onerror = () => reject(new Error(`${src} was not loaded`));
    document.head.append(script);
  });
const ask = (worker) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message ?? "the worker failed"));
  });

const urls = { core: "/yc_iam.wasm", signer: "/yc_iam_signer.wasm", tools: "/yc_iam_tools.wasm" };
const RUNS = {
  "page, module": async () => (await load("/module.js", "module"), globalThis.runInPage()),
  "page, classic": async () => (await load("/classic.js"), globalThis.runInPage(urls)),
  "worker, module": () => ask(new Worker("/module.js", { type: "module" })),
  "worker, classic": () => ask(new Worker("/classic-worker.js")),
};
for (const [name, work] of Object.entries(RUNS)) reports[name] = await work().catch(failed);

const { default: bundles } = await import("/bundles.js");
for (const { name, kind } of bundles) {
  try {
    await load(`/${name}/main.js`, kind === "module" ? "module" : "");
    reports[name] = { passed: 1, failures: [], jwts: [await bundled[name]] };
  } catch (error) {
    reports[name] = failed(error);
  }
}
await fetch("/report", { method: "POST", body: JSON.stringify(reports) });
