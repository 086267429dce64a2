let calls = 0;

/** Greets by name and counts: in a process of its own, each call is the first. */
export async function handler(event: { name?: string } | null): Promise<{ greeting: string; call: number }> {
  calls += 1;
  return { greeting: `Hello, ${event?.name ?? 'world'}`, call: calls };
}
