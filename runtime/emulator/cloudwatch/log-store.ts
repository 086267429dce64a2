/** Text that is kept for each function; what is older is dropped. With the lines' own objects it takes three times that. */
const MAX_KEPT_CHARACTERS = 2 * 1024 * 1024;

/** One line of a log, as CloudWatch Logs would keep it. */
export interface LogEvent {
  /** Counts up over all functions. */
  readonly id: number;
  readonly timestampMs: number;
  readonly stream: string;
  readonly message: string;
}

interface Kept {
  events: LogEvent[];
  characters: number;
}

/** What functions logged lately, by their names; a function that is deleted leaves its log behind. */
export class LogStore {
  readonly #logs = new Map<string, Kept>();
  #made = 0;

  /** Keeps a line. */
  add(functionName: string, stream: string, message: string): void {
    const kept = this.#logs.get(functionName) ?? { events: [], characters: 0 };
    this.#logs.set(functionName, kept);
    kept.events.push({ id: this.#made, timestampMs: Date.now(), stream, message });
    this.#made += 1;
    kept.characters += message.length;
    // Rarely and much, since what is taken from the front of a long array moves the rest.
    if (kept.characters > 2 * MAX_KEPT_CHARACTERS) halve(kept);
  }

  /** What a function logged, the oldest first; undefined for one that never did. */
  of(functionName: string): readonly LogEvent[] | undefined {
    return this.#logs.get(functionName)?.events;
  }
}

function halve(kept: Kept): void {
  let first = 0;
  while (kept.characters > MAX_KEPT_CHARACTERS) {
    kept.characters -= kept.events[first]?.message.length ?? 0;
    first += 1;
  }
  kept.events = kept.events.slice(first);
}
