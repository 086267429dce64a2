import { ToolError } from '../../runtime/cli/tool-error.ts';
import type { Deployed } from './deployed.ts';
import type { Desired } from './desired.ts';
import { configurationChanges, hasOtherCode } from './function-changes.ts';
import { invokeMode } from './invoke-mode.ts';
import { isSame } from './is-same.ts';
import { refuseStack } from './refuse-stack.ts';

/** The parts of a deployment that can be done alone. */
export const PARTS = ['interpreter', 'runtime', 'function'] as const;
export type PartName = (typeof PARTS)[number];

/** One line of a plan. */
export interface Step {
  readonly part: PartName | 'version' | 'alias' | 'layer' | 'role' | 'url' | 'concurrency';
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

/**
 * Compares what is to be deployed with what is.
 *
 * @param only the part that is meant; all when undefined
 * @throws {ToolError} `CANNOT` for a function that a CloudFormation stack owns, and for one that is to be made alone while
 * its layers are not there
 */
export function makePlan(desired: Desired, deployed: Deployed, only?: PartName): Plan {
  const { fn } = deployed;
  refuseStack(`deploy "${desired.settings.name}"`, fn?.tags ?? {});
  if (only === 'function') requireLayers(desired, deployed);
  const layers = planLayers(desired, deployed).filter(({ part }) => only === undefined || part === only);
  if (only !== undefined && only !== 'function') return { desired, deployed, steps: layers };
  const fnStep = planFunction(desired, deployed, only);
  const version = fnStep.action === 'keep' ? fn?.version : undefined;
  const around = [...planVersion(desired, deployed, version, fnStep), ...planAround(desired, deployed)];
  return { desired, deployed, steps: [...layers, fnStep, ...around] };
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

/** The version that is to be, its number where it is there already, and the alias that is to lead to it. */
function* planVersion(
  { settings, shift }: Desired,
  { fn }: Deployed,
  version: string | undefined,
  { action }: Step,
): Generator<Step> {
  const { name, alias } = settings;
  if (action === 'keep' && version === undefined) {
    yield { part: 'version', action: 'publish', name, why: 'what it is was never published' };
  }
  if (alias === undefined) return;
  const found = fn?.alias;
  const wanted = version ?? 'the new one';
  const at = { part: 'alias', name: `${name}:${alias}` } as const;
  const route = [found?.version, ...Object.keys(found?.weights ?? {})];
  if (found === undefined) {
    yield { ...at, action: 'create', why: `it is not there, wanted at ${wanted}` };
  } else if (version !== undefined && isSame(route, [version])) {
    yield { ...at, action: 'keep', why: `leads to version ${version}` };
  } else {
    const pace = shift === undefined ? 'at once' : `by ${[...shift.percents, 100].join(' %, ')} %`;
    const why = `leads to version ${route.join(' and ')}, wanted ${wanted} ${pace}`;
    yield { ...at, action: 'update', why };
  }
}

function* planAround({ settings }: Desired, { fn }: Deployed): Generator<Step> {
  const { name, concurrency, role } = settings;
  if (fn === undefined && role === undefined) {
    const rights = 'may write its own log and nothing else';
    yield { part: 'role', action: 'create', name: roleName(name), why: `no role was named; it ${rights}` };
  }
  const mode = invokeMode(settings);
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

/** The role that is made where none was named. */
export function roleName(functionName: string): string {
  return `pilotlight-${functionName}`.slice(0, 64);
}
