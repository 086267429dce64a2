import { type Destination, openDestination } from './destination.ts';
import type { Subscription } from './subscription.ts';
import type { TelemetryEvent } from './telemetry-event.ts';

/** Collects events for one extension and posts them in batches, one after the other. */
export class Subscriber {
  readonly subscription: Subscription;
  #batch: string[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #dropped = { records: 0, bytes: 0, reason: '' };
  readonly #destination: Destination;
  #stopped = false;

  constructor(subscription: Subscription) {
    this.subscription = subscription;
    this.#destination = openDestination(subscription.target);
  }

  add(event: TelemetryEvent): void {
    if (this.#stopped) return;
    const text = JSON.stringify(event);
    this.#batch.push(text);
    this.#bytes += Buffer.byteLength(text);
    const { maxItems, maxBytes, timeoutMs } = this.subscription;
    if (this.#batch.length >= maxItems || this.#bytes >= maxBytes) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), timeoutMs);
  }

  /** Sends what is there; settles when it, and all before it, has arrived or was lost. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    const bytes = this.#bytes;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length > 0) this.#sending = this.#sending.then(() => this.#send(batch, bytes));
    return this.#sending;
  }

  /** Gives up what is under way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
    this.#destination.close();
  }

  async #send(batch: readonly string[], bytes: number): Promise<void> {
    if (this.#stopped) return;
    const lost = this.#dropped;
    try {
      await this.#destination.send(lost.records === 0 ? batch : [droppedText(lost), ...batch]);
      this.#dropped = { records: 0, bytes: 0, reason: '' };
    } catch (error) {
      const reason = `Some logs were dropped: ${(error as Error).message}`;
      this.#dropped = { records: lost.records + batch.length, bytes: lost.bytes + bytes, reason };
    }
  }
}

/** What a subscriber is told with the first batch that reaches it after one that did not. */
function droppedText({ records, bytes, reason }: { records: number; bytes: number; reason: string }): string {
  const record = { droppedBytes: bytes, droppedRecords: records, reason };
  return JSON.stringify({ time: new Date().toISOString(), type: 'platform.logsDropped', record });
}
