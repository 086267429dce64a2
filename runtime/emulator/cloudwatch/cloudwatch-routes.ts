import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Control } from '../control/control.ts';
import { readInput } from '../control/read-input.ts';
import { ServiceError } from '../service-error.ts';
import { FILTER_INPUT, filterLogEvents } from './filter-log-events.ts';
import { getMetricData, METRIC_INPUT } from './get-metric-data.ts';

/** Both services name the operation in a header, and this one in front of it. */
const OPERATIONS: Readonly<Record<string, (control: Control, request: IncomingMessage) => Promise<object>>> =
  {
    'Logs_20140328.FilterLogEvents': async ({ logs }, request) =>
      filterLogEvents(logs, await readInput(request, FILTER_INPUT, { operation: 'FilterLogEvents' })),
    'GraniteServiceVersion20100801.GetMetricData': async ({ functions }, request) =>
      getMetricData(functions, await readInput(request, METRIC_INPUT, { operation: 'GetMetricData' })),
  };

/**
 * Answers the calls of CloudWatch that tell of functions: what they logged, and how often they failed.
 *
 * @param target value of the header `X-Amz-Target`
 * @throws {ServiceError} what the operation is refused with
 */
export async function routeCloudWatch(
  control: Control,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const run = OPERATIONS[target];
  if (run === undefined) {
    throw new ServiceError('UnknownOperationException', `The local Lambda does not know "${target}"`);
  }
  const text = JSON.stringify(await run(control, request));
  response.writeHead(200, {
    'content-type': String(request.headers['content-type']),
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
