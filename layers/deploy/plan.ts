import type { FunctionConfiguration, UpdateFunctionConfigurationCommandInput } from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Deployed } from './deployed.ts';
import type { Desired } from './desired.ts';
import { isSame } from './is-same.ts';
import { codeSha256 } from './local-zip.ts';

/** The parts of a deployment that can be done alone. */
export const PARTS = ['interpreter', 'runtime', 'function'] as const;
export type PartName = (typeof PARTS)[number];

/** One line of a plan. */
export interface Step {
  readonly part: PartName | 'layer' | 'role' | 'url' | 'concurrency';
  readonly action: 'create' | 'publish' | 'update' | 'remove' | 'keep';
  /** What it is about: a layer's name, the function's. */
  readonly name: string;
  /** What is not as it should be, or where what is kept stands. */
  readonly why: string;
}

/** All that a deployment does, and in which order. */
export interface Plan {
  readonly desired: Desired;
  readonly deployed: Deployed;
  readonly steps: readonly Step[];
}

/** Names a stack gives to what it made. */
const STACK_TAG = 'aws:cloudformation:stack-name';

/**
 * Compares what is to be deployed with what is.
 *
 * @param only the part that is meant; all when undefined
 * @throws {ToolError} `CANNOT` for a function that a CloudFormation stack owns, and for one that is to be made alone while
 * its layers are not there
 */
export function makePlan(desired: Desired, deployed: Deployed, only?: PartName): Plan {
  const { fn } = deployed;
  const stack = fn?.tags[STACK_TAG];
  if (stack !== undefined) {
    throw new ToolError(
      'CANNOT',
      `Cannot deploy "${desired.settings.name}": the stack "${stack}" owns it, and would undo the change`,
      { next: `update the stack instead: aws cloudformation deploy --stack-name ${stack}` },
    );
  }
  if (only === 'function') requireLayers(desired, deployed);
  const layers = planLayers(desired, deployed).filter(({ part }) => only === undefined || part === only);
  if (only !== undefined && only !== 'function') return { desired, deployed, steps: layers };
  const functionSteps = [planFunction(desired, deployed, only), ...planAround(desired, deployed)];
  return { desired, deployed, steps: [...layers, ...functionSteps] };
}

/** A function that is there keeps the layers that it has; a new one would begin without. */
function requireLayers({ layers, settings }: Desired, deployed: Deployed): void {
  if (deployed.fn !== undefined) return;
  const missing = layers.find((layer) => typeof layer !== 'string' && !deployed.layers.has(layer.name));
  if (missing === undefined || typeof missing === 'string') return;
  throw new ToolError(
    'CANNOT',
    `Cannot create "${settings.name}" alone: no version of its layer "${missing.name}" has the content that was built`,
    { next: 'deploy all parts, without --part' },
  );
}

function planLayers({ layers }: Desired, deployed: Deployed): Step[] {
  return layers.map((layer): Step => {
    if (typeof layer === 'string')
      return { part: 'layer', action: 'keep', name: layer, why: "somebody else's" };
    const { part, name } = layer;
    const arn = deployed.layers.get(name);
    return arn === undefined
      ? { part, action: 'publish', name, why: 'no version has this content' }
      : { part, action: 'keep', name, why: `version ${arn.split(':').at(-1)} has this content` };
  });
}

function planFunction(desired: Desired, deployed: Deployed, only: PartName | undefined): Step {
  const { name } = desired.settings;
  if (deployed.fn === undefined) return { part: 'function', action: 'create', name, why: 'it is not there' };
  const { configuration } = deployed.fn;
  const changes = [
    ...(hasOtherCode(desired, configuration) ? ['code'] : []),
    ...Object.keys(configurationChanges(desired, deployed, only)),
  ];
  return changes.length === 0
    ? { part: 'function', action: 'keep', name, why: 'code and settings are the same' }
    : { part: 'function', action: 'update', name, why: `differs in ${changes.join(', ')}` };
}

function* planAround({ settings }: Desired, { fn }: Deployed): Generator<Step> {
  const { name, url, concurrency, role } = settings;
  if (fn === undefined && role === undefined) {
    const rights = 'may write its own log and nothing else';
    yield { part: 'role', action: 'create', name: roleName(name), why: `no role was named; it ${rights}` };
  }
  const mode = url === 'none' ? undefined : invokeMode(url);
  const found = fn?.url && (fn.url.InvokeMode ?? 'BUFFERED');
  if (mode !== found) {
    const action = found === undefined ? 'create' : mode === undefined ? 'remove' : 'update';
    const why = mode === undefined ? 'none is wanted' : `${mode}, for callers with rights (AWS_IAM)`;
    yield { part: 'url', action, name, why };
  }
  if ((fn?.concurrency ?? 0) !== concurrency) {
    const action = concurrency === 0 ? 'remove' : 'update';
    yield {
      part: 'concurrency',
      action,
      name,
      why: `${fn?.concurrency ?? 0} reserved, wanted ${concurrency}`,
    };
  }
}

/** How a function URL calls its function. */
export function invokeMode(url: 'buffered' | 'stream'): 'BUFFERED' | 'RESPONSE_STREAM' {
  return url === 'stream' ? 'RESPONSE_STREAM' : 'BUFFERED';
}

/** The role that is made where none was named. */
export function roleName(functionName: string): string {
  return `pilotlight-${functionName}`.slice(0, 64);
}

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
  only?: PartName,
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
