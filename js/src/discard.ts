// Answers that nobody will read.

/** @internal Its connection must not wait for a reader, and nobody need wait for this. */
export async function discard({ body }: Pick<Response, "body">): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // Broken off already, or in the hands of whoever made this response.
  }
}
