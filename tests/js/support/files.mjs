// Where things are: the repository, and the package as it is installed.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** The repository's root. */
export const root = process.env.YC_IAM_ROOT;

/** The installed package's directory. */
export const installed = path.dirname(createRequire(import.meta.url).resolve("yc-iam/package.json"));

export const readText = (...parts) => readFileSync(path.join(...parts), "utf8");

/** The cases of a file in `tests/vectors`. */
export function vectors(name) {
  return JSON.parse(readText(root, "tests/vectors", `${name}.json`)).cases;
}

/** The scenes in `tests/transcripts`, or in another directory beside it. */
export function scenes(name) {
  const directory = path.join(root, "tests", name);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readText(directory, name)));
}

/** A private key made for these tests, as PEM. */
export const pem = (name) => readText(root, "tests/vectors/pem", `${name}.pem`);
