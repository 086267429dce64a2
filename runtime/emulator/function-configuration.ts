import { createHash, randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { logGroup } from './lambda-variables.ts';
import { functionArn, type LocalFunction } from './local-function.ts';

/** What the Lambda API tells about a function; only what clients look at before they invoke. */
export type FunctionConfiguration = Readonly<Record<string, unknown>>;

/**
 * Describes a function in the API's form. It is active from the beginning, so clients that wait for that go on at once.
 *
 * @param fn the function
 * @param region for its ARN
 */
export async function describeFunction(fn: LocalFunction, region: string): Promise<FunctionConfiguration> {
  const { settings } = fn;
  const code = await readFile(fn.code);
  const { mtime } = await stat(fn.code);
  return {
    FunctionName: settings.name,
    FunctionArn: functionArn(region, settings.name),
    Runtime: 'provided.al2023',
    Role: settings.role ?? 'arn:aws:iam::123456789012:role/local',
    Handler: settings.handler,
    CodeSize: code.length,
    CodeSha256: createHash('sha256').update(code).digest('base64'),
    Description: '',
    Timeout: settings.timeoutS,
    MemorySize: settings.memoryMiB,
    LastModified: mtime.toISOString().replace('Z', '+0000'),
    Version: '$LATEST',
    Environment: { Variables: settings.environment },
    TracingConfig: { Mode: 'PassThrough' },
    RevisionId: randomUUID(),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [settings.arch],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: {
      LogFormat: settings.logFormat,
      ...(settings.logFormat === 'JSON'
        ? { ApplicationLogLevel: settings.logLevel, SystemLogLevel: 'INFO' }
        : {}),
      LogGroup: logGroup(settings.name),
    },
  };
}
