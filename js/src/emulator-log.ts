// What an emulator received, for people to read.

import type { ReceivedRequest } from "./emulator-types.js";

/** A line for each request, the core's own words; below those that were not accepted, whose JWT it was. */
export function log(requests: readonly ReceivedRequest[]): string {
  return requests.flatMap(lines).join("\n");
}

function lines(received: ReceivedRequest): string[] {
  const { at, method, target, status, verdict, accepted, jwtHeader, jwtClaims } = received;
  const time = new Date(at * 1000).toISOString();
  const faults = received.faults.filter((fault) => !verdict.includes(fault));
  const struck = faults.length === 0 ? "" : ` [${faults.join(", ")}]`;
  const jwt = accepted ? [] : [jwtHeader, jwtClaims].filter((part) => part !== undefined);
  return [`${time} ${method} ${target} -> ${status} ${verdict}${struck}`, ...jwt.map((part) => `    ${part}`)];
}
