import { z } from 'zod';
import type { Target } from './destination.ts';

const TYPES = ['platform', 'function', 'extension'] as const;
/** Names by which an environment knows itself; here it shares the machine's loopback. */
const OWN_HOSTS = new Set(['sandbox', 'sandbox.localdomain', 'localhost', '127.0.0.1']);

const SUBSCRIPTION = z.object({
  schemaVersion: z.string().optional(),
  types: z.array(z.enum(TYPES)).min(1),
  destination: z.discriminatedUnion('protocol', [
    z.object({ protocol: z.literal('HTTP'), URI: z.url({ protocol: /^http$/ }) }),
    z.object({ protocol: z.literal('TCP'), port: z.int().min(1).max(65_535) }),
  ]),
  buffering: z
    .object({
      maxItems: z.int().min(1000).max(10_000).default(10_000),
      maxBytes: z.int().min(262_144).max(1_048_576).default(262_144),
      timeoutMs: z.int().min(25).max(30_000).default(1000),
    })
    .default({ maxItems: 10_000, maxBytes: 262_144, timeoutMs: 1000 }),
});

export type TelemetryType = (typeof TYPES)[number];

/** What an extension wants to be told, where, and how often. */
export interface Subscription {
  /** In whose words. */
  readonly api: 'telemetry' | 'logs';
  readonly types: ReadonlySet<TelemetryType>;
  readonly target: Target;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/**
 * Reads a subscription to telemetry.
 *
 * @param api where it was made
 * @param value the request's body as JSON
 * @throws {Error} when it is not valid, with the reason
 */
export function parseSubscription(api: Subscription['api'], value: unknown): Subscription {
  const parsed = SUBSCRIPTION.safeParse(value);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new Error(`"${path.join('.')}": ${message}`);
  }
  const { types, destination, buffering } = parsed.data;
  const target: Target =
    destination.protocol === 'TCP' ? destination : { protocol: 'HTTP', url: ownUrl(destination.URI) };
  return { api, types: new Set(types), target, ...buffering };
}

function ownUrl(text: string): URL {
  const url = new URL(text);
  if (!OWN_HOSTS.has(url.hostname))
    throw new Error(`"destination.URI": "${url.hostname}" is another machine`);
  url.hostname = '127.0.0.1';
  return url;
}
