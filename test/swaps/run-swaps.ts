import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeWorkFolder } from '../../runtime/emulator/work-folder.ts';
import { watchMachine } from '../bench/run/machine.ts';
import { BROKEN_CODE, type BrokenCode } from './broken-code.ts';
import { DevProcess } from './dev-process.ts';
import { staleAnswers } from './history.ts';
import { layersDigest, leftBehind, settledHoldings } from './leftovers.ts';
import { startLoad } from './load.ts';
import { grown, MAX_ENVIRONMENTS, type SwapsResult, summarize } from './result.ts';
import { measureSaves } from './save-to-answer.ts';
import { type DoneSwap, Swapper, type Way } from './swapper.ts';
import { FUNCTION_NAME, sourceOf } from './test-function.ts';

/** Between two swaps, so that there are invocations without one to compare with. */
const PAUSE_MS = 300;
const WARM_UP_MS = 1000;
/** In turn from the second on: of ten swaps one is by the command, one a rollback, two are saves. */
const WAYS_IN_TURN: readonly Way[] = [
  'sdk',
  'save',
  'sdk',
  'command',
  'rollback',
  'sdk',
  'save',
  'sdk',
  'sdk',
  'sdk',
];
const COLD_START_EVERY = 5;
const BROKEN_SAVE_EVERY = 10;
/** Each takes ten seconds: they are the last, and a short run has none. */
const SLOW_COUNT = 2;

/** How a run is made. */
export interface SwapsOptions {
  readonly swaps: number;
  readonly clients: number;
  /** How much broken code is tried. */
  readonly broken: number;
  /** How many saves are measured without load. */
  readonly saves: number;
  readonly signal: AbortSignal;
  /** Told what is done. */
  readonly note: (line: string) => void;
}

/**
 * Swaps the code of a function under load, in every way that there is, and measures what callers notice.
 *
 * @param options see there
 */
export async function runSwaps(options: SwapsOptions): Promise<SwapsResult> {
  const machine = watchMachine();
  const work = await makeWorkFolder();
  try {
    const folder = await work.make(FUNCTION_NAME);
    const zips = await work.make('zips');
    await writeFile(join(folder, 'function.ts'), sourceOf('v0'));
    const { dev, url } = await DevProcess.start(folder, [
      ...['--timeout', '20', '--max-environments', String(MAX_ENVIRONMENTS)],
    ]);
    const swapper = new Swapper(dev, { url, folder, zips }, options.signal);
    const places = { pids: [] as readonly number[], folders: [] as readonly string[] };
    try {
      swapper.flips.push({ version: 'v0', flippedMs: 0 });
      options.note(`measuring ${options.saves} saves without load`);
      const saves = await measureSaves(
        url,
        options.saves,
        () => swapper.swap('save'),
        () => swapper.flips.at(-1)?.version ?? '',
      );
      const underLoad = await swapUnderLoad(dev, url, swapper, options);
      places.folders = await dev.workFolders();
      places.pids = dev.processes();
      await dev.stop();
      const left = await leftBehind(places.pids, places.folders, tmpdir());
      return summarize({ options, machine: machine(), saves, left, ...underLoad });
    } finally {
      swapper.close();
      await dev.stop();
    }
  } finally {
    await work.remove();
  }
}

async function swapUnderLoad(dev: DevProcess, url: string, swapper: Swapper, options: SwapsOptions) {
  const { signal, note } = options;
  const digest = await layersDigest(dev);
  const done: DoneSwap[] = [];
  const coldStartsMs: number[] = [];
  const refused: Record<string, number> = {};
  const load = startLoad(url, FUNCTION_NAME, options.clients);
  try {
    await setTimeout(WARM_UP_MS, undefined, { signal });
    const warmUpEnd = load.samples.length;
    const before = await settledHoldings(dev, () => true);
    let broken = 0;
    let zips = 0;
    for (let count = 1; count <= options.swaps; count += 1) {
      const way = WAYS_IN_TURN[count % WAYS_IN_TURN.length] as Way;
      const isBrokenSave = way === 'save' && count % BROKEN_SAVE_EVERY === 1 && broken < options.broken;
      if (isBrokenSave) {
        await swapper.refuseSave(`export const handler = (;\n`, /^Cannot bundle: function\.ts:1:\d+ /);
        refused['syntax error in a save'] = (refused['syntax error in a save'] ?? 0) + 1;
        broken += 1;
      }
      done.push(await swapper.swap(way));
      if (count % COLD_START_EVERY === 0) coldStartsMs.push(await swapper.coldStartMs());
      while (broken * options.swaps < options.broken * count) {
        const isLast = broken >= options.broken - SLOW_COUNT && options.broken > BROKEN_CODE.length;
        const code = BROKEN_CODE.filter(({ isSlow = false }) => isSlow === isLast);
        const next = code[zips % code.length] as BrokenCode;
        await swapper.refuse(next);
        refused[next.name] = (refused[next.name] ?? 0) + 1;
        zips += 1;
        broken += 1;
      }
      await setTimeout(PAUSE_MS, undefined, { signal });
      if (count % 10 === 0) note(`${count} swaps, ${broken} refused, ${load.samples.length} invocations`);
    }
    await load.stop();
    const samples = load.samples.slice(warmUpEnd);
    const after = await settledHoldings(
      dev,
      (holdings) => holdings.awake === 0 && grown(before, holdings).length === 0,
    );
    return {
      done,
      coldStartsMs,
      timeouts: swapper.timeouts,
      refused,
      samples,
      stale: staleAnswers(samples, swapper.flips),
      before,
      after,
      areLayersSame: digest === (await layersDigest(dev)),
    };
  } finally {
    await load.stop();
  }
}
