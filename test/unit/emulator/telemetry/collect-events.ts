/** An event as a subscriber gets it. */
export interface Event {
  readonly time: string;
  readonly type: string;
  readonly record: Record<string, unknown> & { metrics?: Record<string, number> };
}

/** Collects events, and tells when there are enough. */
export function collectEvents() {
  const events: Event[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    add(...added: readonly Event[]): void {
      events.push(...added);
      for (const look of waiting) look();
    },
    /** Waits until so many events of a type have come. */
    received: (type: string, count = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (events.filter((event) => event.type === type).length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
