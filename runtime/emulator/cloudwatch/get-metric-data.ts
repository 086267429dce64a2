import { z } from 'zod';
import type { FunctionDirectory } from '../function-directory.ts';
import { ServiceError } from '../service-error.ts';
import type { MinuteCount } from './alias-metrics.ts';

const DIMENSION = z.object({ Name: z.string(), Value: z.string() });
const QUERY = z.object({
  Id: z.string(),
  Label: z.string().optional(),
  MetricStat: z.object({
    Metric: z.object({
      Namespace: z.literal('AWS/Lambda'),
      MetricName: z.enum(['Invocations', 'Errors']),
      Dimensions: z.array(DIMENSION),
    }),
    Period: z.literal(60),
    Stat: z.literal('Sum'),
  }),
});

/** What `GetMetricData` takes here: sums of a minute of what came through an alias to a version. */
export const METRIC_INPUT = z.object({
  MetricDataQueries: z.array(QUERY),
  /** In seconds. */
  StartTime: z.number(),
  EndTime: z.number(),
});

/**
 * Tells how often versions were called through an alias, and how often that failed.
 *
 * @param functions all that can be called
 * @param input which figures, and of which time
 * @throws {ServiceError} `InvalidParameterException` for other figures than these
 */
export function getMetricData(functions: FunctionDirectory, input: z.infer<typeof METRIC_INPUT>): object {
  const { StartTime, EndTime, MetricDataQueries } = input;
  const firstMs = Math.floor(StartTime / 60) * 60_000;
  const results = MetricDataQueries.map(({ Id, Label, MetricStat }) => {
    const { MetricName, Dimensions } = MetricStat.Metric;
    const counts = countsOf(
      functions,
      Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    );
    const within = counts.filter(({ minuteMs }) => minuteMs >= firstMs && minuteMs < EndTime * 1000);
    const newestFirst = within.toReversed();
    return {
      Id,
      Label: Label ?? MetricName,
      Timestamps: newestFirst.map(({ minuteMs }) => minuteMs / 1000),
      Values: newestFirst.map((count) => count[MetricName === 'Errors' ? 'errors' : 'invocations']),
      StatusCode: 'Complete',
    };
  });
  return { MetricDataResults: results, Messages: [] };
}

function countsOf(
  functions: FunctionDirectory,
  { FunctionName = '', Resource = '', ExecutedVersion }: Readonly<Record<string, string>>,
): readonly MinuteCount[] {
  const [name, alias] = Resource.split(':');
  if (name !== FunctionName || alias === undefined || ExecutedVersion === undefined) {
    throw new ServiceError(
      'InvalidParameterException',
      'The local Lambda has figures by FunctionName, Resource (function:alias) and ExecutedVersion alone',
    );
  }
  return functions.get(name)?.metrics.of(alias, ExecutedVersion) ?? [];
}
