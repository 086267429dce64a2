import { toLogsEvents } from './logs-api.ts';
import { Subscriber } from './subscriber.ts';
import type { Subscription, TelemetryType } from './subscription.ts';
import type { TelemetryEvent } from './telemetry-event.ts';

/** Takes what happens in an environment from one init on, and hands it to the extensions that subscribed. */
export class TelemetryHub {
  readonly #subscribers: Subscriber[] = [];
  /** What happened before somebody could subscribe; undefined once nobody can any more. */
  #early: TelemetryEvent[] | undefined = [];

  get closed(): boolean {
    return this.#early === undefined;
  }

  /** The environment has initialised: nobody can subscribe any more. */
  close(): void {
    this.#early = undefined;
  }

  /** Adds a subscriber, who is told of everything since the init began. */
  subscribe(name: string, subscription: Subscription): void {
    const subscriber = new Subscriber(subscription);
    this.#subscribers.push(subscriber);
    for (const event of this.#early ?? []) hand(subscriber, event);
    this.emit('platform.telemetrySubscription', () => ({
      name,
      state: 'Subscribed',
      types: [...subscription.types],
    }));
  }

  /** Tells of something that happened now; the record is made only where somebody wants it. */
  emit(type: string, record: () => unknown): void {
    if (this.closed && this.#subscribers.length === 0) return;
    const event = { time: new Date().toISOString(), type, record: record() };
    this.#early?.push(event);
    for (const subscriber of this.#subscribers) hand(subscriber, event);
  }

  /** Settles when everything so far has arrived or was lost. */
  async flush(): Promise<void> {
    await Promise.all(this.#subscribers.map((subscriber) => subscriber.flush()));
  }

  /** Gives up what is under way. */
  stop(): void {
    this.close();
    for (const subscriber of this.#subscribers) subscriber.stop();
  }
}

function hand(subscriber: Subscriber, event: TelemetryEvent): void {
  const [kind] = event.type.split('.', 1);
  const { types, api } = subscriber.subscription;
  if (!types.has(kind as TelemetryType)) return;
  for (const each of api === 'logs' ? toLogsEvents(event) : [event]) subscriber.add(each);
}
