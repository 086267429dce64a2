import { existsSync, globSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileCrystal } from '../../layers/build/crystal-program.ts';
import { NODE_HANDLER } from '../bench/candidates/node-handler.ts';
import { CRYSTAL_COMPILER } from '../helpers/clients.ts';
import { digestOf, isStamped, stamp } from '../setup/stamp.ts';

const ECHO = join(import.meta.dirname, 'echo');
const SHARD = join(import.meta.dirname, '../../worker/crystal/src');

/** A function that sends the event back, in one language. */
export interface EchoFunction {
  /** Why it cannot run here, and what helps; `undefined` when it can. */
  readonly missing: string | undefined;
  /**
   * Lays its files.
   *
   * @param folder the function's, empty
   * @param dist where what takes long to build is kept
   */
  lay(folder: string, dist: string): Promise<void>;
}

/** What is measured, by language. */
export const ECHO_FUNCTIONS = {
  javascript: {
    missing: undefined,
    lay: (folder) => copyFile(NODE_HANDLER, join(folder, 'function.bundle.mjs')),
  },
  php: {
    missing: undefined,
    lay: (folder) => copyFile(join(ECHO, 'function.php'), join(folder, 'function.bundle.php')),
  },
  bash: {
    missing: undefined,
    lay: (folder) => copyFile(join(ECHO, 'function.sh'), join(folder, 'function.bundle.sh')),
  },
  crystal: {
    missing: existsSync(CRYSTAL_COMPILER) ? undefined : 'crystal is not installed: run make setup',
    lay: async (folder, dist) => copyFile(await compiled(dist), join(folder, 'function.bundle')),
  },
} as const satisfies Readonly<Record<string, EchoFunction>>;

export type EchoLanguage = keyof typeof ECHO_FUNCTIONS;

/** Optimised, which takes half a minute: only when the shard or the function changed. */
async function compiled(dist: string): Promise<string> {
  const [folder, entry] = [join(dist, 'matrix'), 'function.cr'];
  const program = join(folder, 'crystal-echo');
  const sources = [
    join(ECHO, entry),
    ...globSync('**/*.cr', { cwd: SHARD }).map((name) => join(SHARD, name)),
  ];
  const digest = digestOf(sources.toSorted().map((path) => readFileSync(path, 'utf8')));
  if (isStamped(`${program}.stamp`, digest)) return program;
  await mkdir(folder, { recursive: true });
  await writeFile(program, await compileCrystal(ECHO, entry, { release: true }), { mode: 0o755 });
  stamp(`${program}.stamp`, digest);
  return program;
}
