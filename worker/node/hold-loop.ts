/**
 * Waits for a write to a connection, during which the event loop is not empty.
 * @param written - settles when the write is through; Node itself counts what is being written
 */
export async function holdLoop(written: Promise<void> | undefined): Promise<void> {
  await written;
}
