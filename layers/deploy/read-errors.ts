import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { AliasName } from './alias.ts';

const PERIOD_S = 60;

/** How often something was called, and how often that failed. */
export interface ErrorCount {
  readonly invocations: number;
  readonly errors: number;
}

/**
 * Reads how often a version failed that was called through an alias.
 *
 * @param client of CloudWatch
 * @param name of the alias
 * @param options the version, since when (milliseconds since 1970, the whole minute counts), and a signal
 */
export async function readErrors(
  client: CloudWatchClient,
  { functionName, alias }: AliasName,
  { version, sinceMs, signal }: { version: string; sinceMs: number; signal: AbortSignal },
): Promise<ErrorCount> {
  const Dimensions = [
    { Name: 'FunctionName', Value: functionName },
    { Name: 'Resource', Value: `${functionName}:${alias}` },
    { Name: 'ExecutedVersion', Value: version },
  ];
  const query = (Id: string, MetricName: string): MetricDataQuery => {
    const Metric = { Namespace: 'AWS/Lambda', MetricName, Dimensions };
    return { Id, MetricStat: { Metric, Period: PERIOD_S, Stat: 'Sum' } };
  };
  const command = new GetMetricDataCommand({
    MetricDataQueries: [query('invocations', 'Invocations'), query('errors', 'Errors')],
    StartTime: new Date(sinceMs - (sinceMs % (PERIOD_S * 1000))),
    // In whole minutes from there on, and the one that runs is wanted too.
    EndTime: new Date(Date.now() + PERIOD_S * 1000),
  });
  const { MetricDataResults = [] } = await client.send(command, { abortSignal: signal });
  const sum = (id: string) =>
    (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((total, value) => total + value, 0);
  return { invocations: sum('invocations'), errors: sum('errors') };
}
