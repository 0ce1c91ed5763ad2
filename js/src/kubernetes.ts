// `yc-iam/kubernetes`: what a program in Kubernetes, or `kubectl` outside of it, needs besides a token.

import { InCluster } from "./in-cluster.js";
import { ServiceAccountSecret } from "./kubernetes-secret.js";

export type { ClusterRequest, ClusterRequestOptions, PodOptions } from "./in-cluster.js";
export { execCredential, type ExecToken } from "./exec-credential.js";
export { kubeconfig, type ExecPlugin, type KubeconfigOptions, type KubeconfigUser } from "./kubeconfig.js";
export { parseServiceAccountSecret } from "./kubernetes-secret.js";
export { InCluster, ServiceAccountSecret };

// The bundler gives another name to a class that mentions itself; users see this one.
for (const [name, named] of Object.entries({ InCluster, ServiceAccountSecret })) {
  Object.defineProperty(named, "name", { value: name, configurable: true });
}
