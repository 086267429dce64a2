import { setTimeout } from 'node:timers/promises';
import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  paginateFilterLogEvents,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

/** Lines of one environment may come to the service later than younger ones of another. */
const LATE_MS = 30_000;

/** Which lines of a log are wanted. */
export interface LogQuery {
  readonly group: string;
  /** Not older than this, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** A filter pattern of CloudWatch Logs; empty for all. */
  readonly filter: string;
  /** Between two looks for more, in milliseconds; ends with what is there when undefined. */
  readonly followMs: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads the log of a function, each line once, the oldest first. It is asked for again and again rather than streamed:
 * a live tail costs by the minute, ends after three hours, and is not to be had locally.
 *
 * @param client of CloudWatch Logs
 * @param query which lines
 * @throws {ResourceNotFoundException} when there is no such log and it is not waited for
 */
export async function* readLog(
  client: CloudWatchLogsClient,
  { group, sinceMs, filter, followMs, signal }: LogQuery,
): AsyncGenerator<FilteredLogEvent> {
  const told = new Map<string, number>();
  let newestMs = 0;
  for (let startTime = sinceMs; ; await setTimeout(followMs, undefined, { signal })) {
    const input = { logGroupName: group, startTime, ...(filter === '' ? {} : { filterPattern: filter }) };
    try {
      for await (const { events = [] } of paginateFilterLogEvents({ client }, input, {
        abortSignal: signal,
      })) {
        for (const event of events) {
          const { eventId = '', timestamp = 0 } = event;
          if (told.has(eventId)) continue;
          told.set(eventId, timestamp);
          newestMs = Math.max(newestMs, timestamp);
          yield event;
        }
      }
    } catch (error) {
      // A function's first invocation makes the log.
      if (followMs === undefined || !(error instanceof ResourceNotFoundException)) throw error;
    }
    if (followMs === undefined) return;
    startTime = Math.max(startTime, newestMs - LATE_MS);
    for (const [eventId, timestamp] of told) if (timestamp < startTime) told.delete(eventId);
  }
}
