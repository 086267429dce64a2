import { logGroup } from '../lambda-variables.ts';
import type { Described, FunctionRecord } from './function-record.ts';
import { renderStatus } from './status.ts';

/**
 * Describes a state of a function as the API does.
 *
 * @param record the function
 * @param described the state
 * @param qualifier that the ARN ends in
 */
export function renderConfiguration(
  record: FunctionRecord,
  described: Described,
  qualifier: string | undefined,
): Readonly<Record<string, unknown>> {
  return { ...renderListed(record, described, qualifier), ...renderStatus(described.status) };
}

/** The same as it stands in lists, which do not tell where a function is on its way. */
export function renderListed(
  record: FunctionRecord,
  { version, spec, revisionId, modifiedMs }: Described,
  qualifier: string | undefined,
): Readonly<Record<string, unknown>> {
  const { settings, layers, code } = spec;
  return {
    FunctionName: record.name,
    FunctionArn: record.arn(qualifier),
    Runtime: spec.runtime,
    Role: spec.role,
    Handler: settings.handler,
    CodeSize: code.bytes,
    CodeSha256: code.sha256,
    Description: spec.description,
    Timeout: settings.timeoutS,
    MemorySize: settings.memoryMiB,
    LastModified: renderDate(modifiedMs),
    Version: version,
    Environment: { Variables: settings.environment },
    TracingConfig: { Mode: spec.tracingMode },
    RevisionId: revisionId,
    ...(layers.length === 0
      ? {}
      : { Layers: layers.map(({ arn, bytes }) => ({ Arn: arn, CodeSize: bytes })) }),
    PackageType: 'Zip',
    Architectures: [settings.arch],
    EphemeralStorage: { Size: spec.ephemeralMiB },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: {
      LogFormat: settings.logFormat,
      ...(settings.logFormat === 'JSON'
        ? { ApplicationLogLevel: settings.logLevel, SystemLogLevel: 'INFO' }
        : {}),
      LogGroup: logGroup(record.name),
    },
  };
}

/** A moment in the form of the API, which knows milliseconds and writes UTC as `+0000`. */
export function renderDate(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
