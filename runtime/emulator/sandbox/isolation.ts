import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ToolError } from '../../cli/tool-error.ts';
import { bwrapLaunch } from './bwrap.ts';
import { launch } from './launch.ts';
import { namespaceSandbox } from './namespace-sandbox.ts';
import type { Isolation, IsolationName } from './sandbox.ts';
import { usernsLaunch } from './userns.ts';

/** Far above the 40 ms that the slower one takes, also on a machine that is busy. */
const PROBE_LIMIT_MS = 5000;

const RUNGS = {
  bwrap: {
    launch: bwrapLaunch,
    works: 'bubblewrap works',
    missing: 'bubblewrap is not installed',
    refused: 'bubblewrap is refused',
    next: 'install bubblewrap (apt-get install bubblewrap), or use --isolation auto',
  },
  userns: {
    launch: usernsLaunch,
    works: 'user namespaces work',
    missing: "util-linux's setpriv is not installed",
    refused: 'user namespaces are refused',
    next: 'allow unprivileged user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu), or use --isolation auto',
  },
} as const;

/**
 * Chooses how environments are kept apart, by trying it.
 *
 * @param wanted a rung, or `auto` for the strongest that works
 * @returns the rung and why it is this one
 * @throws {ToolError} `CANNOT` when the wanted rung does not work here
 */
export async function chooseIsolation(wanted: IsolationName | 'auto'): Promise<Isolation> {
  if (wanted === 'paths') return { name: 'paths', reason: 'asked for' };
  if (wanted !== 'auto') {
    const problem = await probe(wanted);
    if (problem === undefined) return { name: wanted, reason: 'asked for' };
    throw new ToolError('CANNOT', `Cannot isolate environments by "${wanted}": ${problem}`, {
      next: RUNGS[wanted].next,
    });
  }
  const problems: string[] = [];
  for (const name of ['bwrap', 'userns'] as const) {
    const problem = await probe(name);
    if (problem === undefined) return { name, reason: [...problems, RUNGS[name].works].join(', ') };
    problems.push(problem);
  }
  return { name: 'paths', reason: problems.join(', ') };
}

/** Runs `/bin/true` in an environment; the result is why that did not work. */
async function probe(name: keyof typeof RUNGS): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-probe-'));
  try {
    return await probeIn(folder, RUNGS[name]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function probeIn(
  folder: string,
  rung: (typeof RUNGS)[keyof typeof RUNGS],
): Promise<string | undefined> {
  const contents = { optFolder: folder, taskFolder: folder, tmpFolder: folder, variables: {} };
  const launched = launch(await rung.launch(contents, '/bin/true'));
  const sandbox = namespaceSandbox(launched);
  sandbox.stdout.resume();
  const stderr = text(sandbox.stderr);
  const limit = setTimeout(() => void sandbox.kill(), PROBE_LIMIT_MS);
  const exit = await sandbox.exited;
  clearTimeout(limit);
  await sandbox.kill();
  if (exit.exitCode === 0) return undefined;
  if (launched.identity === undefined) return rung.missing;
  const lines = (await stderr).trim().split('\n');
  return `${rung.refused}: ${lines.at(-1) || 'it gave no reason'}`;
}
