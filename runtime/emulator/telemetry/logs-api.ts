import type { TelemetryEvent } from './telemetry-event.ts';

/** What the Logs API does not tell: it is older than these. */
const UNKNOWN = new Set(['platform.initStart', 'platform.initRuntimeDone', 'platform.initReport']);

/**
 * Says an event in the words of the Logs API, which the Telemetry API has replaced.
 *
 * @param event as a subscriber of the Telemetry API gets it
 * @returns none, one or two events
 */
export function toLogsEvents(event: TelemetryEvent): readonly TelemetryEvent[] {
  const { time, type, record } = event;
  if (UNKNOWN.has(type)) return [];
  if (type === 'platform.telemetrySubscription') return [{ ...event, type: 'platform.logsSubscription' }];
  if (type !== 'platform.report') return [event];
  const { requestId } = record as { requestId: string };
  return [{ time, type: 'platform.end', record: { requestId } }, event];
}
