import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import { HOP_HEADERS } from './hop-headers.ts';

const SCALAR = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const HEAD = z.object({
  statusCode: z.coerce.number().int().min(200).max(599).default(200),
  headers: z.record(z.string(), SCALAR).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(SCALAR)).nullish(),
  cookies: z.array(z.string()).nullish(),
});

/** The length follows from the body. */
const OWN_HEADERS = new Set([...HOP_HEADERS, 'content-length']);

/** Status and headers of an answer, in the order in which they are sent. */
export interface UrlHead {
  readonly statusCode: number;
  /** Names in lower case, each with all of its values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** What the function says of the body's length; it counts where no body is sent. */
  readonly contentLength: string | undefined;
}

/**
 * Reads status, headers and cookies of an answer.
 *
 * @param value the answer, or the prelude of a streamed one
 * @param defaultType content type of an answer that names none
 * @throws {Error} when it is none that can be sent, with the reason
 */
export function parseUrlHead(value: unknown, defaultType: string): UrlHead {
  const parsed = HEAD.safeParse(value);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new Error(`"${path.join('.')}" of the answer: ${message}`);
  }
  const { statusCode, headers, multiValueHeaders, cookies } = parsed.data;
  const all = new Map<string, readonly string[]>();
  if (statusCode !== 204 && statusCode !== 304) all.set('content-type', [defaultType]);
  for (const [name, item] of Object.entries(headers ?? {})) all.set(name.toLowerCase(), [item]);
  for (const [name, items] of Object.entries(multiValueHeaders ?? {})) all.set(name.toLowerCase(), items);
  if (cookies) all.set('set-cookie', [...(all.get('set-cookie') ?? []), ...cookies]);
  const contentLength = all.get('content-length')?.[0];
  for (const [name, values] of all) {
    if (OWN_HEADERS.has(name)) all.delete(name);
    else validate(name, values);
  }
  return { statusCode, headers: all, contentLength };
}

function validate(name: string, values: readonly string[]): void {
  validateHeaderName(name);
  for (const value of values) validateHeaderValue(name, value);
}
