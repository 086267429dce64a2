import { dirname } from 'node:path';
import {
  type FunctionSettings,
  MACHINE_ARCH,
  readFunctionSettings,
} from '../../runtime/cli/function-settings.ts';
import { INIT_LIMIT_MS } from '../../runtime/emulator/environment.ts';
import { readErrorBody } from '../../runtime/emulator/error-body.ts';
import type { Failure } from '../../runtime/emulator/failure.ts';
import { readParts } from '../build/parts-file.ts';
import type { Finding } from './finding.ts';
import { bundleOf, type CheckedPart } from './part-files.ts';
import type { PartSet } from './part-set.ts';
import { tryInit } from './try-init.ts';

/** The environment's own paths say nothing to whoever wrote the bundle. */
const FUNCTION_FOLDER = /(?:file:\/\/)?[^"'\s(]*\/pilotlight(?:-\d+)?\/function\//g;

/** What came of loading the functions. */
export interface Loaded {
  readonly findings: readonly Finding[];
  /** What could not be loaded here, and why. */
  readonly unseen: readonly string[];
}

/** A set with a function in it, and whether its init failed. */
interface Tried {
  readonly interpreter: string;
  readonly failure: Failure | undefined;
}

/**
 * Loads each function as Lambda would: one whose bundle does not load, or whose handler is not there, fails in each of
 * its inits. What loads on one interpreter of several is a warning on the others, since only one of them is deployed.
 *
 * @param sets those in which nothing is wrong
 * @param options `overrides` win over the function's settings; `makeFolder` makes an empty folder on the file system of
 *   the parts; `signal` stops it; `note` for progress
 * @throws {ToolError} `USAGE` for settings that cannot be used
 */
export async function loadFunctions(
  sets: readonly PartSet[],
  options: {
    overrides: Readonly<Record<string, unknown>>;
    makeFolder: () => Promise<string>;
    signal: AbortSignal;
    note: (line: string) => void;
  },
): Promise<Loaded> {
  const findings: Finding[] = [];
  const unseen: string[] = [];
  for (const [fn, itsSets] of Map.groupBy(sets, (set) => set.fn)) {
    if (fn === undefined) continue;
    const settings = await settingsOf(fn, options.overrides);
    const tried: Tried[] = [];
    for (const { layers, manifests } of setsFor(settings.interpreter, itsSets)) {
      options.signal.throwIfAborted();
      const interpreter = manifests.map(({ name }) => name).join(' and ');
      const foreign = manifests.find(({ arch = MACHINE_ARCH }) => arch !== MACHINE_ARCH);
      if (foreign !== undefined) {
        unseen.push(
          `whether ${fn.name} loads on ${interpreter} for ${foreign.arch}: this machine is ${MACHINE_ARCH}`,
        );
        continue;
      }
      options.note(`loading ${fn.name} on ${interpreter}`);
      const folder = await options.makeFolder();
      const { failure, log } = await tryInit({ layers, fn }, settings, folder);
      for (const line of failure === undefined ? [] : log) options.note(line);
      tried.push({ interpreter, failure });
    }
    const failures = tried.filter(({ failure }) => failure !== undefined);
    const severity = failures.length === tried.length ? 'error' : 'warning';
    for (const { interpreter, failure } of failures) {
      if (failure !== undefined) findings.push(describe(fn, interpreter, failure, severity));
    }
  }
  return { findings, unseen };
}

/** What the build noted beside the zip, or the folder says itself; options win. */
async function settingsOf(
  { name, zip, folder }: CheckedPart,
  overrides: Readonly<Record<string, unknown>>,
): Promise<FunctionSettings> {
  const noted = zip === undefined ? undefined : readParts(dirname(zip))[name]?.settings;
  const settings = await readFunctionSettings(zip ?? folder, overrides);
  return {
    ...settings,
    ...(noted !== undefined && overrides.handler === undefined && { handler: noted.handler }),
    interpreter: noted?.interpreter ?? settings.interpreter,
    environment: { ...noted?.environment, ...settings.environment },
  };
}

/** Those with the interpreter that the function is deployed with, else all: a bootstrap that is ours runs in each. */
function setsFor(interpreter: string, sets: readonly PartSet[]): readonly PartSet[] {
  const ours = sets.filter(({ layers }) => layers.some(({ kind }) => kind === 'runtime'));
  const chosen = ours.filter(({ manifests }) => manifests.some(({ name }) => name === interpreter));
  return chosen.length > 0 ? chosen : ours;
}

function describe(
  fn: CheckedPart,
  interpreter: string,
  failure: Failure,
  severity: Finding['severity'],
): Finding {
  const { errorType, answer } = failure;
  const text = Buffer.from(answer.payload).toString('utf8').replaceAll(FUNCTION_FOLDER, '');
  const { message, trace } = readErrorBody(text);
  const bundle = bundleOf(fn)?.path;
  const at = { part: fn.name, severity, ...(bundle !== undefined && { file: bundle }) };
  const onLambda = `INIT_REPORT Phase: init Status: ${failure.status} Error Type: ${errorType}; callers get the same`;
  if (failure.status === 'timeout') {
    return {
      ...at,
      code: 'init-too-slow',
      what: `does not initialise within ${INIT_LIMIT_MS / 1000} s on ${interpreter}`,
      onLambda: 'INIT_REPORT Phase: init Status: timeout; the init begins anew, within the time of the call',
      next: 'do what takes long in the handler, when it is needed first',
    };
  }
  if (/^Runtime\.(?:HandlerNotFound|MalformedHandlerName)$/.test(errorType)) {
    return {
      ...at,
      code: 'handler-not-exported',
      what: `${message} (on ${interpreter})`,
      onLambda,
      next: 'export it, or name the right one: --handler here, "handler" in pilotlight.json',
    };
  }
  const place = trace
    .map((line) => line.trim())
    .find((line) => line.startsWith('at ') && line.includes(`${bundle}:`));
  return {
    ...at,
    code: 'does-not-load',
    what: `${message}${place === undefined ? '' : `, ${place}`} (on ${interpreter})`,
    onLambda,
    next: 'mend it and build it again; for what its init needs of its environment: --env K=V, or --no-load',
  };
}
