import { setTimeout } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { type AliasName, type AliasRoute, routeAlias } from './alias.ts';
import type { DeployTools } from './deploy-tools.ts';
import { type ErrorCount, readErrors } from './read-errors.ts';
import { serviceFailure } from './service-failure.ts';

const LONGEST_LOOK_MS = 10_000;
/** How often a share is looked at, at least. */
const LOOKS = 60;

/** How an alias gets from one version to another. */
export interface Shift {
  /** Shares of the new version, rising, without the 100 at the end. */
  readonly percents: readonly number[];
  /** How long each stays, in milliseconds. */
  readonly everyMs: number;
  /** Errors in a hundred invocations from which on it goes back; undefined when nobody looks. */
  readonly maxErrorPercent: number | undefined;
}

type ReadErrors = () => Promise<ErrorCount>;

/**
 * Leads an alias to another version, share by share. When too many invocations of the new version fail, when that
 * cannot be told any more, and when it is interrupted, the alias is led back at once.
 *
 * @param name of the alias
 * @param from where it leads now
 * @param to the new version
 * @param shift the shares
 * @param tools what it works with
 * @throws {ToolError} `FOUND` when too many failed, `CANNOT` when nobody can tell
 */
export async function shiftAlias(
  name: AliasName,
  from: AliasRoute,
  to: string,
  shift: Shift,
  tools: DeployTools,
): Promise<void> {
  const { settings, signal } = tools;
  const cloudWatch = new CloudWatchClient(settings);
  const sinceMs = Date.now();
  const read = () => readErrors(cloudWatch, name, { version: to, sinceMs, signal });
  try {
    // Before anything is led anywhere.
    if (shift.maxErrorPercent !== undefined) await requireFigures(read, name, tools);
    try {
      await leadStepwise(name, from, to, shift, read, tools);
    } catch (error) {
      await goBack(name, from.version, tools);
      throw error;
    }
  } finally {
    cloudWatch.destroy();
  }
}

async function leadStepwise(
  name: AliasName,
  { version }: AliasRoute,
  to: string,
  shift: Shift,
  read: ReadErrors,
  tools: DeployTools,
): Promise<void> {
  const { client, note } = tools;
  for (const percent of shift.percents) {
    note(`${percent} % of "${name.alias}" go to version ${to}, the others to ${version}`);
    await routeAlias(name, { version, weights: { [to]: percent / 100 } }, client);
    await watch(name, to, shift, read, tools);
  }
  await routeAlias(name, { version: to, weights: {} }, client);
}

async function requireFigures(read: ReadErrors, { alias }: AliasName, tools: DeployTools): Promise<void> {
  await read().catch((error: unknown) => {
    if (tools.signal.aborted) throw error;
    const { message } = serviceFailure(`shift "${alias}" by its errors`, error, tools.settings);
    const next = 'allow cloudwatch:GetMetricData, or shift without looking: --max-error-rate none';
    throw new ToolError('CANNOT', message, { next, cause: error });
  });
}

/** Looks at the errors as long as a share stays, and once more at its end. */
async function watch(
  { functionName, alias }: AliasName,
  version: string,
  { everyMs, maxErrorPercent }: Shift,
  read: ReadErrors,
  { signal, note }: DeployTools,
): Promise<void> {
  const endMs = performance.now() + everyMs;
  const lookMs = Math.min(everyMs / LOOKS, LONGEST_LOOK_MS);
  for (let leftMs = everyMs; leftMs > 0; leftMs = endMs - performance.now()) {
    await setTimeout(Math.min(lookMs, leftMs), undefined, { signal });
    if (maxErrorPercent === undefined) continue;
    const { invocations, errors } = await read();
    if (100 * errors > maxErrorPercent * invocations) {
      throw new ToolError(
        'FOUND',
        `Cannot lead "${alias}" of "${functionName}" to version ${version}: ${errors} of its ${invocations} invocations failed, at most ${maxErrorPercent} % may`,
        { next: `pilotlight logs ${functionName}` },
      );
    }
    if (performance.now() < endMs) continue;
    note(
      invocations === 0
        ? `no invocation of version ${version} was counted`
        : `${errors} of ${invocations} invocations of version ${version} failed`,
    );
  }
}

async function goBack(name: AliasName, version: string, { client, note }: DeployTools): Promise<void> {
  const { functionName, alias } = name;
  try {
    await routeAlias(name, { version, weights: {} }, client);
    note(`"${alias}" leads to version ${version} again, and nowhere else`);
  } catch (error) {
    note(`cannot lead "${alias}" back to version ${version}: ${(error as Error).message}`);
    note(`  next  pilotlight rollback ${functionName} --alias ${alias}`);
  }
}
