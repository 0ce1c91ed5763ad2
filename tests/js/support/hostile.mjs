// Values that no program means to pass, each made anew, and what may be thrown because of them.

/** What the values themselves throw: the program's own affair. */
export class HostileError extends Error {}

const raise = () => {
  throw new HostileError("t1.9euelZqInTheHostileError-0123456789");
};

const traps = ["get", "has", "ownKeys", "getOwnPropertyDescriptor", "getPrototypeOf", "set", "apply", "construct"];
const failing = Object.fromEntries(traps.map((trap) => [trap, raise]));

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached() {
  const bytes = new Uint8Array(64);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

function shrunk() {
  const buffer = new ArrayBuffer(64, { maxByteLength: 128 });
  const bytes = new Uint8Array(buffer, 32);
  buffer.resize(8);
  return bytes;
}

function nested() {
  let value = {};
  for (let depth = 0; depth < 10_000; depth++) value = { "": value };
  return value;
}

function endless() {
  const value = {};
  value.id = value;
  return value;
}

const getters = (...names) => Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get: raise, enumerable: true }])));

/** Every name that an option, an error or a response of the package may have. */
const NAMES = ["signal", "fetch", "endpoints", "signer", "token", "value", "status", "headers", "message", "name", "iam", "labels"];

export const VALUES = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  "minus zero": () => -0,
  "minus one": () => -1,
  "a half": () => 0.5,
  "2**31": () => 2 ** 31,
  "2**53": () => 2 ** 53,
  "not a number": () => NaN,
  infinity: () => Infinity,
  "minus infinity": () => -Infinity,
  "greatest": () => Number.MAX_VALUE,
  smallest: () => Number.MIN_VALUE,
  bigint: () => 10n,
  "great bigint": () => 2n ** 80n,
  symbol: () => Symbol("t1.9euelZqInASymbol-0123456789"),
  empty: () => "",
  nul: () => "a\0b",
  surrogate: () => "t1.9euelZqWithALoneSurrogate-0123456789\ud800",
  long: () => `y0_${"x".repeat(100_000)}`,
  "line break": () => "a\r\nhost: b",
  odd: () => "__proto__",
  "boxed text": () => new String("x"),
  "boxed number": () => new Number(5),
  "no bytes": () => new Uint8Array(),
  bytes: () => Uint8Array.of(0xff, 0xfe, 0),
  "detached bytes": detached,
  "shrunk bytes": shrunk,
  "detached buffer": () => detached().buffer,
  "shared bytes": () => new Uint8Array(new SharedArrayBuffer(8)),
  "a view": () => new DataView(new ArrayBuffer(4)),
  "wide numbers": () => new Float64Array(2),
  "array of anything": () => ["x", 5, null, Symbol("x")],
  "array of surrogates": () => ["\ud800"],
  "an array with a hole": () => Object.assign([], { length: 1000 }),
  "a pretended length": () => ({ length: 2 ** 31 }),
  object: () => ({}),
  "without a prototype": () => Object.create(null),
  "named like none": () => ({ "t1.9euelZqInAName-0123456789": 1 }),
  "no text": () => ({ toString: raise, valueOf: raise, toJSON: raise, [Symbol.toPrimitive]: raise }),
  "an odd text": () => ({ toString: () => 5, toJSON: () => undefined, [Symbol.toPrimitive]: () => Symbol("x") }),
  "getters that throw": () => getters(...NAMES),
  proxy: () => new Proxy({}, failing),
  "proxy of an array": () => new Proxy([], failing),
  "proxy of a function": () => new Proxy(() => undefined, failing),
  "revoked proxy": () => revoked({}),
  "revoked proxy of an array": () => revoked([]),
  iterable: () => ({ [Symbol.iterator]: raise }),
  thenable: () => ({ then: raise }),
  nested,
  endless,
  map: () => new Map([[1, 2]]),
  date: () => new Date(NaN),
  function: () => raise,
  class: () => class {},
  promise: () => Promise.resolve(5),
  error: () => Object.assign(new Error("\ud800"), { cause: new Proxy({}, failing) }),
};

/** Whether this may be thrown: an error of the package's, or the language's own for what is of a wrong type. */
export function isDocumented(error, YcIamError) {
  return error instanceof YcIamError || error instanceof TypeError || error instanceof RangeError || error instanceof HostileError;
}
