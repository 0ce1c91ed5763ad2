// What comes after a refusal: another token, if there is one.

import { YcIamError } from "./errors.js";
import type { Token } from "./token.js";

/**
 * @internal A token in the place of one that a service refused. `undefined` if there is none, or the service issues the
 * same one, which it would not like any better: then the refusal is all that there is to give.
 */
export async function another(
  tokens: { getToken(options: { signal?: AbortSignal | null | undefined }): Promise<Token> },
  refused: Token,
  signal: AbortSignal | null | undefined,
): Promise<Token | undefined> {
  try {
    const token = await tokens.getToken({ signal });
    return token.value === refused.value ? undefined : token;
  } catch (error) {
    if (error instanceof YcIamError) return undefined;
    throw error;
  }
}
