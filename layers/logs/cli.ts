import {
  CloudWatchLogsClient,
  type FilteredLogEvent,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { parseDurationMs } from '../../runtime/cli/parse-duration.ts';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { orUndefined } from '../deploy/or-undefined.ts';
import { TARGET_OPTIONS, textOf } from '../deploy/target-options.ts';
import { withClient } from '../deploy/with-client.ts';
import { readLog } from './read-log.ts';

/** Of AWS's calls for logs few a second are allowed, in all of an account. */
const FOLLOW_MS = 2000;
const LOCAL_FOLLOW_MS = 200;

/** `pilotlight logs NAME`: what a deployed function logged. */
export const logs: Verb = {
  usage: 'NAME [options]',
  options: {
    ...TARGET_OPTIONS,
    since: {
      type: 'string',
      value: 'TIME',
      describe: 'how far back, such as 90s, 10m or 2h',
      fallback: '10m',
    },
    filter: {
      type: 'string',
      value: 'PATTERN',
      describe: 'lines that fit this filter pattern of CloudWatch',
    },
    follow: { type: 'boolean', describe: 'wait for more until Ctrl-C' },
  },
  minPositionals: 1,
  maxPositionals: 1,
  examples: [
    'pilotlight logs hello-node --follow',
    'pilotlight logs hello-node --since 2h --filter \'"Task timed out"\'',
  ],
  async run(call) {
    const { output, positionals, signal, values } = call;
    const [name = ''] = positionals;
    const sinceMs = Date.now() - parseDurationMs(textOf(call, 'since') ?? '10m', '--since');
    return await withClient('read the log of', call, async ({ client, settings }) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const found = await orUndefined(client.send(command, { abortSignal: signal }));
      const group = found?.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
      const followMs = settings.endpoint === undefined ? FOLLOW_MS : LOCAL_FOLLOW_MS;
      const unread = output.unread();
      const query = {
        group,
        sinceMs,
        filter: textOf(call, 'filter') ?? '',
        signal: AbortSignal.any([signal, unread]),
      };
      const logsClient = new CloudWatchLogsClient(settings);
      try {
        const events = readLog(logsClient, { ...query, followMs: values.follow ? followMs : undefined });
        for await (const event of events) output.result(renderEvent(event, output.json));
      } catch (error) {
        if (unread.aborted) return 0;
        if (!(error instanceof ResourceNotFoundException)) throw error;
        if (found === undefined) {
          throw new ToolError(
            'CANNOT',
            `Cannot read the log of "${name}": there is neither the function nor its log`,
          );
        }
        output.note(`"${name}" has logged nothing yet`);
      } finally {
        logsClient.destroy();
      }
      return 0;
    });
  },
};

/** A line of text, or of JSON. */
function renderEvent(
  { timestamp = 0, logStreamName, message = '' }: FilteredLogEvent,
  json: boolean,
): string {
  const time = new Date(timestamp).toISOString();
  const line = message.replace(/\n$/, '');
  return json ? `${JSON.stringify({ time, stream: logStreamName, message: line })}\n` : `${time}  ${line}\n`;
}
