// In place of `cluster-fetch.ts` on the web platform, where nobody can say which certificate authority is trusted.

export function clusterAgent(): never {
  throw elsewhere();
}

export function clusterFetch(): never {
  throw elsewhere();
}

const elsewhere = (): Error => new Error("`InCluster` needs a pod's files and `node:https`: it works in Node, Deno and Bun");
