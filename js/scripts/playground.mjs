// Bundles js/playground into the directory that is named: a page, a style sheet and a script, for any file server. The
// script is a classic one, which works from a file too, and holds the WebAssembly, since the page may fetch nothing.
import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, "src");
const playground = path.join(root, "playground");

/** Where a source for Node is another one here. */
const FILES = { "./node.js": "web.ts", "./cluster-fetch.js": "cluster-fetch-web.ts" };

const sourcesOfTheWeb = {
  name: "sources-of-the-web",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\// }, ({ path: request, resolveDir }) => {
      const other = resolveDir === source ? FILES[request] : undefined;
      return other === undefined ? undefined : { path: path.join(source, other) };
    });
  },
};

const output = process.argv[2];
try {
  if (output === undefined) throw new Error("say which directory the page goes to");
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  const { metafile } = await build({
    entryPoints: { page: path.join(playground, "src/main.ts"), "page-style": path.join(playground, "styles/page.css") },
    outdir: output,
    absWorkingDir: root,
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    loader: { ".wasm": "binary" },
    plugins: [sourcesOfTheWeb],
    // Where the modules are is never asked: the page hands them over.
    define: { "import.meta.url": '""' },
    metafile: true,
    logLevel: "warning",
  });
  await copyFile(path.join(playground, "index.html"), path.join(output, "index.html"));
  const sizes = Object.entries(metafile.outputs).map(([file, { bytes }]) => `${path.basename(file)}: ${bytes} bytes`);
  console.log(`    ${sizes.join(", ")}`);
} catch (error) {
  // esbuild has already shown what is wrong in the sources.
  console.error(error.errors ? "the page could not be bundled" : `the page could not be bundled: ${error.stack}`);
  process.exitCode = 1;
}
