import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { entriesAt } from '../../layers/build/folder-entries.ts';
import { writeZip, type ZipEntry } from '../../layers/build/zip.ts';
import { builder } from '../../layers/builder.ts';
import type { FunctionSettings } from '../../runtime/cli/function-settings.ts';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { SEED_PROGRAMS } from './clients.ts';
import { type TestFunction, type TestLambda, useLocalLambda } from './use-local-lambda.ts';
import { useTmp } from './use-tmp.ts';

const SEEDS = join(import.meta.dirname, '../fixtures/seeds');
const DIST = join(import.meta.dirname, '../../dist');

/** Names of the events that lie among the seeds. */
export type SeedEvent = 'http' | 'schedule' | 'sns';

/** What a foreign function is made of. */
export interface SeedParts {
  readonly entries: readonly ZipEntry[];
  /** Paths of zips; none is a function that needs nothing but itself. */
  readonly layers?: readonly string[];
  readonly settings?: Partial<FunctionSettings>;
}

/**
 * Reads a sample event.
 *
 * @param name which one
 */
export async function seedEvent(name: SeedEvent): Promise<unknown> {
  return JSON.parse(await readFile(join(SEEDS, 'events', `${name}.json`), 'utf8'));
}

/**
 * Reads the files of a foreign function or layer.
 *
 * @param folder among the seeds
 */
export async function seedEntries(folder: string): Promise<ZipEntry[]> {
  return await entriesAt(join(SEEDS, folder), '.');
}

/**
 * Reads a compiled bootstrap. Tests that do so pass `needs('seed-go')` or `needs('seed-crystal')`.
 *
 * @param language what it is written in
 */
export async function seedProgram(language: 'go' | 'crystal'): Promise<ZipEntry> {
  return { path: 'bootstrap', content: await readFile(join(SEED_PROGRAMS, language)), executable: true };
}

/**
 * Makes the layer of an interpreter, or takes the one that is there.
 *
 * @param name the interpreter's name
 * @returns path of the zip
 */
export async function interpreterLayer(name: string): Promise<string> {
  const { interpreters } = await builder.buildLayers({
    interpreters: [name],
    arch: MACHINE_ARCH,
    out: DIST,
    signal: new AbortController().signal,
    note: () => {},
  });
  // Node's stands before one that cannot run our bootstrap.
  return interpreters.at(-1) as string;
}

/**
 * Starts a local Lambda with foreign functions, all paths as on Lambda; it ends with the test.
 *
 * @param t the test's context
 * @param functions by name
 * @param initLimitMs how long the first init may take, in milliseconds
 */
export async function useSeeds(
  t: TestContext,
  functions: Readonly<Record<string, SeedParts>>,
  initLimitMs = 10_000,
): Promise<TestLambda> {
  const folder = useTmp(t);
  const deployed: Record<string, TestFunction> = {};
  for (const [name, { entries, layers = [], settings = {} }] of Object.entries(functions)) {
    const zip = await pack(join(folder, `${name}.zip`), entries);
    // More than Lambda would give: beside other tests a shell takes its time.
    deployed[name] = { zip, layers, settings: { timeoutS: 20, ...settings } };
  }
  return await useLocalLambda(t, deployed, { isolation: 'bwrap', initLimitMs });
}

/**
 * Zips a layer or function without compression: an interpreter would take seconds.
 *
 * @param zip where
 * @param entries what goes in
 * @returns its path
 */
export async function pack(zip: string, entries: readonly ZipEntry[]): Promise<string> {
  await writeZip(zip, entries, { level: 0 });
  return zip;
}
