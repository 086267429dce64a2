import { z } from 'zod';
import { ServiceError } from '../service-error.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import type { LogEvent, LogStore } from './log-store.ts';

const MAX_EVENTS = 10_000;
const PREFIX = '/aws/lambda/';

/** What `FilterLogEvents` takes. */
export const FILTER_INPUT = z.object({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNames: z.array(z.string()).optional(),
  logStreamNamePrefix: z.string().optional(),
  startTime: z.number().optional(),
  endTime: z.number().optional(),
  filterPattern: z.string().default(''),
  nextToken: z.string().regex(/^\d+$/).optional(),
  limit: z.int().min(1).max(MAX_EVENTS).default(MAX_EVENTS),
});

/**
 * Finds lines in the log of a function.
 *
 * @param logs of all functions
 * @param input what is looked for, times in milliseconds
 * @throws {ServiceError} `ResourceNotFoundException` for the log of a function that never wrote one
 */
export function filterLogEvents(logs: LogStore, input: z.infer<typeof FILTER_INPUT>): object {
  const { logStreamNames, logStreamNamePrefix = '', startTime = 0, endTime = Infinity, limit } = input;
  const group = input.logGroupName ?? input.logGroupIdentifier?.replace(/^arn:.*:log-group:/, '') ?? '';
  const kept = group.startsWith(PREFIX) ? logs.of(group.slice(PREFIX.length)) : undefined;
  if (kept === undefined) {
    throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  const fits = parseFilterPattern(input.filterPattern);
  const first = Number(input.nextToken ?? 0);
  const found = kept.filter(
    ({ id, timestampMs, stream, message }) =>
      id >= first &&
      timestampMs >= startTime &&
      timestampMs <= endTime &&
      stream.startsWith(logStreamNamePrefix) &&
      (logStreamNames === undefined || logStreamNames.includes(stream)) &&
      fits(message),
  );
  const next = found[limit];
  return {
    events: found.slice(0, limit).map(render),
    searchedLogStreams: [],
    ...(next === undefined ? {} : { nextToken: String(next.id) }),
  };
}

function render({ id, timestampMs, stream, message }: LogEvent): object {
  return {
    logStreamName: stream,
    timestamp: timestampMs,
    message,
    ingestionTime: timestampMs,
    eventId: String(id).padStart(56, '0'),
  };
}
