/** Longer than any invocation: the timer is never to fire. */
const NEVER_MS = 2 ** 31 - 1;

/** What is written to a connection that does not keep the event loop counts for nothing here. */
export async function holdLoop(written: Promise<void> | undefined): Promise<void> {
  const timer = setTimeout(() => undefined, NEVER_MS);
  try {
    await written;
  } finally {
    clearTimeout(timer);
  }
}
