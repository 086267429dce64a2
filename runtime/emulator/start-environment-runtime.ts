import type { EnvironmentSpec } from './environment-spec.ts';
import { lambdaVariables } from './lambda-variables.ts';
import { ACCOUNT } from './local-function.ts';
import type { EnvironmentLog } from './log.ts';
import { type RuntimeProcess, startRuntimeProcess } from './runtime-process.ts';
import type { TelemetryHub } from './telemetry/telemetry-hub.ts';

/** What one start of an environment has beside what the environment is made from. */
export interface StartFacts {
  readonly logStream: string;
  /** What `/tmp` holds, when it is to be full soon. */
  readonly tmpBytes: number | undefined;
  /** Of the cgroup in which it begins, if in another than this process. */
  readonly entryFile: string | undefined;
}

/**
 * Starts the bootstrap of an environment with Lambda's variables.
 *
 * @param spec what the environment is made from
 * @param facts of this start
 * @param log takes what the processes write
 * @param telemetry is told of that too
 */
export function startEnvironmentRuntime(
  spec: EnvironmentSpec,
  { logStream, tmpBytes, entryFile }: StartFacts,
  log: EnvironmentLog,
  telemetry: TelemetryHub,
): Promise<RuntimeProcess> {
  const { settings, version, region, credentials, inspectPort } = spec;
  const { isolation, optFolder, taskFolder, tmpFolder } = spec;
  return startRuntimeProcess(
    { isolation, optFolder, taskFolder, tmpFolder, tmpBytes, entryFile },
    (runtimeApi) => ({
      ...lambdaVariables(settings, { region, credentials, runtimeApi, logStream, version }),
      ...(inspectPort === undefined ? {} : { PILOTLIGHT_INSPECT: String(inspectPort) }),
    }),
    {
      functionName: settings.name,
      functionVersion: version,
      handler: settings.handler,
      accountId: ACCOUNT,
    },
    log,
    telemetry,
  );
}
