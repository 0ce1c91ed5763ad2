// What something is, by its looks: it may have been made in another realm, where `instanceof` does not know it.

/** Whether this is an object of a built-in class, `URL` for instance. */
export function isKind(given: unknown, ...names: string[]): boolean {
  return typeof given === "object" && names.includes(Object.prototype.toString.call(given).slice("[object ".length, -1));
}

export const isUint8Array = (given: unknown): given is Uint8Array => ArrayBuffer.isView(given) && isKind(given, "Uint8Array");
export const isBuffer = (given: unknown): given is ArrayBuffer => isKind(given, "ArrayBuffer");
export const isBytes = (given: unknown): given is BufferSource => ArrayBuffer.isView(given) || isBuffer(given);
export const isUrl = (given: unknown): given is URL => isKind(given, "URL");
