import type { FunctionConfiguration, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import type { Deployed } from './deployed.ts';
import type { Desired } from './desired.ts';
import { isSame } from './is-same.ts';
import { codeSha256 } from './local-zip.ts';

/** Whether the deployed function has another zip, or is for another architecture. */
export function hasOtherCode({ code, settings }: Desired, configuration: FunctionConfiguration): boolean {
  const [arch = 'x86_64'] = configuration.Architectures ?? [];
  return configuration.CodeSha256 !== codeSha256(code.sha256) || arch !== settings.arch;
}

/** A function's settings as the Lambda API wants them, without its layers. */
export function functionInput({ settings }: Desired) {
  const { handler, memoryMiB, timeoutS, environment, logFormat, logLevel } = settings;
  return {
    Handler: handler,
    MemorySize: memoryMiB,
    Timeout: timeoutS,
    Environment: { Variables: environment },
    LoggingConfig:
      logFormat === 'JSON'
        ? { LogFormat: logFormat, ApplicationLogLevel: logLevel }
        : { LogFormat: logFormat },
    ...(settings.role === undefined ? {} : { Role: settings.role }),
  } satisfies Partial<UpdateFunctionConfigurationCommandInput>;
}

/**
 * What an update of the deployed function's settings must say. Layers are told whole or not at all.
 *
 * @param only where the function alone is meant, its layers stay as they are
 */
export function configurationChanges(
  desired: Desired,
  { fn, layers }: Deployed,
  only?: string,
): Partial<UpdateFunctionConfigurationCommandInput> {
  const configuration = fn?.configuration ?? {};
  const wanted: Record<string, unknown> = functionInput(desired);
  const current: Record<string, unknown> = {
    ...configuration,
    Environment: { Variables: configuration.Environment?.Variables ?? {} },
    LoggingConfig: loggingOf(configuration),
  };
  const changes = Object.entries(wanted).filter(([key, value]) => !isSame(value, current[key]));
  if (only === 'function') return Object.fromEntries(changes);
  const arns = layerArns(desired, layers);
  const deployedArns = (configuration.Layers ?? []).map(({ Arn }) => Arn);
  if (!isSame(arns, deployedArns)) changes.push(['Layers', arns]);
  return Object.fromEntries(changes);
}

/** The versions of the layers that a function is to have; undefined for one that is still to be published. */
export function layerArns({ layers }: Desired, published: Deployed['layers']): (string | undefined)[] {
  return layers.map((layer) => (typeof layer === 'string' ? layer : published.get(layer.name)));
}

function loggingOf({ LoggingConfig }: FunctionConfiguration) {
  const { LogFormat = 'Text', ApplicationLogLevel } = LoggingConfig ?? {};
  return LogFormat === 'JSON' ? { LogFormat, ApplicationLogLevel } : { LogFormat };
}
