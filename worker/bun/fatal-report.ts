/** Bun writes no report of a full heap. */
export function prepareFatalReport(): (socketPath: string) => void {
  return () => undefined;
}
