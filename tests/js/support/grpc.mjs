// A gRPC server on loopback, with TLS, and what its methods are.
import { after } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { certificate } from "./certificate.mjs";

const servers = new Set();
after(() => servers.forEach((server) => server.forceShutdown()));

const method = (name, requestStream, responseStream) => ({
  path: `/test.Echo/${name}`,
  originalName: name,
  requestStream,
  responseStream,
  requestSerialize: (text) => Buffer.from(text),
  requestDeserialize: (bytes) => bytes.toString(),
  responseSerialize: (text) => Buffer.from(text),
  responseDeserialize: (bytes) => bytes.toString(),
});

export const echo = { say: method("say", false, false), list: method("list", false, true), send: method("send", true, false) };

export const Echo = grpc.makeGenericClientConstructor(echo, "Echo");

/** A server that does not take these tokens; it tells the metadata that it got. */
export async function echoServer({ refused = () => undefined, header = "authorization", credentials, host = "localhost" } = {}) {
  const made = certificate();
  const received = [];
  const isRefused = ({ metadata }) => {
    const [token] = metadata.get(header);
    received.push(metadata.getMap());
    return token === undefined || token === refused();
  };
  const no = { code: grpc.status.UNAUTHENTICATED, details: "who are you" };
  const server = new grpc.Server();
  server.addService(echo, {
    say: (call, callback) => (isRefused(call) ? callback(no) : callback(null, call.request)),
    list(call) {
      if (isRefused(call)) return call.emit("error", no);
      for (const letter of call.request) call.write(letter);
      call.end();
    },
    send(call, callback) {
      if (isRefused(call)) return callback(no);
      let all = "";
      call.on("data", (text) => (all += text)).on("end", () => callback(null, all));
    },
  });
  const given = credentials ?? grpc.ServerCredentials.createSsl(null, [{ private_key: made.key, cert_chain: made.cert }]);
  const port = await new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", given, (error, port) => (error ? reject(error) : resolve(port))),
  );
  servers.add(server);
  return { server, received, address: `${host}:${port}`, cert: made.cert };
}
