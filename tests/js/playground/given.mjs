// What the tests give: from the vectors, with their times, so that the core's own expectations hold here too.
import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = process.env.YC_IAM_ROOT;

const read = (name) => JSON.parse(readFileSync(path.join(ROOT, "tests/vectors", `${name}.json`), "utf8"));

const content = ({ text, base64 }) => text ?? Buffer.from(base64, "base64").toString();

/** A case of `explanations.json`, with `text` and what is to be found. */
export function explanation(name) {
  const found = read("explanations").cases.find((one) => one.name === name);
  return { ...found, text: content(found.content) };
}

/** All that can be pasted: text that stays the same on its way. */
export const explanations = () =>
  read("explanations")
    .cases.filter(({ content, expected, endpoints, error }) => content.text && !expected && endpoints === "default" && !error)
    .map((one) => ({ ...one, text: one.content.text }));

export function keyFile(name = "plain") {
  return content(read("keys").cases.find((one) => one.name === name).content);
}
