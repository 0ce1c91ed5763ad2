// What a bundler makes a page's script of; WASM stands for how it is to find the module.
import { init, ServiceAccountKey } from "yc-iam";
import { vectors } from "./vectors.mjs";

export async function sign(wasm) {
  await init(wasm);
  const text = vectors.keys[0].content.text;
  const jwt = await ServiceAccountKey.fromJson(text).signJwtWith("platform");
  return { by: "platform", jwt, publicKey: JSON.parse(text).public_key };
}
