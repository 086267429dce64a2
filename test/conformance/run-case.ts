import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from './api/api-server.ts';
import { startBootstrap } from './bootstrap-process.ts';
import type { ConformanceCase } from './case.ts';
import { Kit } from './kit.ts';
import type { CaseResult } from './result.ts';
import type { Subject } from './subjects/subject.ts';
import { OutOfTime, Watch } from './watch.ts';

const OUTPUT_LINES = 12;

/** A case's end, and whether it was the clock that ended it. */
export interface CaseRun {
  readonly result: CaseResult;
  readonly isOutOfTime: boolean;
}

/**
 * Runs one case in an environment of its own.
 *
 * @param subject the bootstrap
 * @param group name of the case's group
 * @param each the case
 * @param limitMs how long each of its waits may take
 * @param signal ends it early, as a failure
 */
export async function runCase(
  subject: Subject,
  group: string,
  each: ConformanceCase,
  limitMs: number,
  signal: AbortSignal,
): Promise<CaseRun> {
  const { name, clause, source, does, expects, proof } = each;
  const about = { name, group, clause, source, does, expects, proof };
  const startedMs = performance.now();
  const verdict = (
    rest: Pick<CaseResult, 'verdict'> & Partial<Pick<CaseResult, 'reason' | 'observed'>>,
    isOutOfTime = false,
  ): CaseRun => ({
    result: {
      ...about,
      reason: undefined,
      observed: undefined,
      ...rest,
      durationMs: Math.round(performance.now() - startedMs),
    },
    isOutOfTime,
  });
  const lacking = each.needs?.find((feature) => subject.without[feature] !== undefined);
  if (lacking !== undefined)
    return verdict({ verdict: 'not supported', reason: `${lacking}: ${subject.without[lacking]}` });

  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-kit-'));
  try {
    const failure = await failureIn(folder, subject, each, limitMs, signal);
    if (failure === undefined) return verdict({ verdict: 'pass' });
    const { error, observed } = failure;
    return verdict({ verdict: 'fail', reason: error.message, observed }, error instanceof OutOfTime);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function failureIn(
  folder: string,
  subject: Subject,
  each: ConformanceCase,
  limitMs: number,
  signal: AbortSignal,
): Promise<{ readonly error: Error; readonly observed: string } | undefined> {
  const [taskFolder, tmpFolder] = [join(folder, 'task'), join(folder, 't')] as const;
  await Promise.all([mkdir(taskFolder), mkdir(tmpFolder)]);
  const command = await subject.prepare(taskFolder);
  const watch = new Watch();
  await using api = await startApiServer(watch, limitMs, each.refusesExtensions);
  await using process = await startBootstrap({
    command,
    taskFolder,
    tmpFolder,
    port: api.port,
    handler: subject.handler(each.entry ?? 'handler'),
    variables: each.variables ?? {},
    hasLogDescriptor: each.hasLogDescriptor,
    watch,
  });
  const stop = () => watch.fail(signal.reason as Error);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await each.run(new Kit({ api, process, watch, limitMs, folder }));
    return undefined;
  } catch (error) {
    const lines = (await process.output()).trimEnd().split('\n').slice(-OUTPUT_LINES);
    return { error: error as Error, observed: `${api.transcript}\n\n${lines.join('\n')}`.trim() };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
