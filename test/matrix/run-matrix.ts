import type { Builder } from '../../runtime/emulator/builder.ts';
import { makeWorkFolder } from '../../runtime/emulator/work-folder.ts';
import { watchMachine } from '../bench/run/machine.ts';
import { CANDIDATES, type MatrixCandidate, REFERENCE } from './candidates.ts';
import { observeCandidates } from './compare-candidates.ts';
import { differencesOf, type Observations } from './differences.ts';
import { ECHO_FUNCTIONS } from './echo-functions.ts';
import { reasonOf } from './known-differences.ts';
import { measure } from './measure.ts';
import type { FoundDifference, MatrixResult } from './result.ts';
import { scenariosFor } from './scenarios.ts';

/** How a run is made. */
export interface MatrixOptions {
  readonly builder: Builder;
  /** Where the layers are built. */
  readonly dist: string;
  readonly isQuick: boolean;
  readonly signal: AbortSignal;
  /** Told what is done. */
  readonly note: (line: string) => void;
}

/**
 * Compares and measures all workers: first what they answer, then how fast.
 *
 * @param options see there
 * @throws {ToolError} `CANNOT` when a candidate does not run at all
 */
export async function runMatrix(options: MatrixOptions): Promise<MatrixResult> {
  const startedAt = new Date();
  const machine = watchMachine();
  const work = await makeWorkFolder();
  // The other modes have tests of their own, and cost a start for each event.
  const asked = CANDIDATES.filter(
    ({ mode, runs }) => !options.isQuick || (mode === 'persistent' && runs === 'bundle'),
  );
  const missing = asked.flatMap(({ name, language }) => {
    const reason = ECHO_FUNCTIONS[language].missing;
    return reason === undefined ? [] : [{ name, reason }];
  });
  const candidates = asked.filter(({ language }) => ECHO_FUNCTIONS[language].missing === undefined);
  try {
    const differences = await compareAll(candidates, { ...options, folder: await work.make('compare') });
    const folder = await work.make('measure');
    const scenarios = await measure(candidates, scenariosFor(options.isQuick), { ...options, folder });
    return {
      format: 'pilotlight-matrix',
      version: 1,
      startedAt: startedAt.toISOString(),
      tookS: (Date.now() - startedAt.getTime()) / 1000,
      machine: machine(),
      candidates: candidates.map(({ name, layers, mode, runs }) => ({ name, layers, mode, runs })),
      missing,
      differences,
      scenarios,
    };
  } finally {
    await work.remove();
  }
}

async function compareAll(
  candidates: readonly MatrixCandidate[],
  options: MatrixOptions & { readonly folder: string },
): Promise<FoundDifference[]> {
  const groups = Map.groupBy(
    candidates.filter(({ runs }) => runs === 'bundle'),
    ({ layers }) => layers.join('+'),
  );
  const observations = new Map<string, Observations>();
  for (const group of groups.values()) {
    options.note(`comparing ${group.map(({ name }) => name).join(', ')}`);
    const observed = await observeCandidates(group, options);
    for (const [index, { name }] of group.entries()) observations.set(name, observed[index] as Observations);
  }
  const reference = observations.get(REFERENCE) as Observations;
  return [...observations].flatMap(([candidate, found]) =>
    differencesOf(reference, found).map((difference) => {
      const reason = reasonOf(candidate, difference);
      return { candidate, ...difference, ...(reason === undefined ? {} : { reason }) };
    }),
  );
}
