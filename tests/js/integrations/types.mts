// Compiled, not run: the integrations as ES modules, against the libraries' own types.
import * as grpc from "@grpc/grpc-js";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { Session } from "@yandex-cloud/nodejs-sdk";
import { CredentialsProvider } from "@ydbjs/auth";
import axios from "axios";
import { Agent, type Dispatcher } from "undici";
import { Credentials } from "yc-iam";
import { useYcIam } from "yc-iam/integrations/axios";
import { callCredentials, channelCredentials, renewingInterceptor } from "yc-iam/integrations/grpc-js";
import { kubeConfig } from "yc-iam/integrations/kubernetes-client-node";
import { createSession } from "yc-iam/integrations/nodejs-sdk";
import { ycIam } from "yc-iam/integrations/undici";
import { credentialsProvider } from "yc-iam/integrations/ydbjs-auth";
import { InCluster } from "yc-iam/kubernetes";

const creds = Credentials.default();

const dispatcher: Dispatcher = new Agent().compose(ycIam(creds, { origins: ["https://localhost", new URL("https://localhost")] }));
// @ts-expect-error to nowhere
ycIam(creds);
// @ts-expect-error no token source
ycIam("t1.token", { origins: [] });

const off: () => void = useYcIam(axios.create(), creds);

const channel: grpc.ChannelCredentials = channelCredentials(creds, grpc, grpc.credentials.createSsl());
const calls: grpc.CallCredentials = callCredentials(creds, grpc);
new grpc.Client("localhost:1", channel, { interceptors: [renewingInterceptor(creds, grpc)] });

const session: Session = createSession(creds, Session, { pollInterval: 1, headers: {} });

const provider: CredentialsProvider = credentialsProvider(creds, CredentialsProvider, new URL("grpcs://localhost/local"));

const pod = InCluster.fromPod();
const config: KubeConfig = kubeConfig(pod, KubeConfig, pod);
const api: CoreV1Api = kubeConfig(creds, KubeConfig, { server: "https://localhost" }).makeApiClient(CoreV1Api);

export { api, calls, config, dispatcher, off, provider, session };
