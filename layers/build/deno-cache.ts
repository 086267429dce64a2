import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import type { FileEntry } from './zip.ts';

/** Where Deno keeps compiled code, in the folder that `DENO_DIR` names. */
const DATABASE = 'v8_code_cache_v2';
/** What bootstrap, host and many a function import. */
const MODULES = [
  'async_hooks',
  'buffer',
  'child_process',
  'cluster',
  'crypto',
  'events',
  'fs',
  'fs/promises',
  'http',
  'https',
  'module',
  'net',
  'os',
  'path',
  'process',
  'stream',
  'timers',
  'timers/promises',
  'tls',
  'url',
  'util',
  'v8',
  'worker_threads',
  'zlib',
];

/**
 * Makes Deno's cache of its own code for Node's modules, which it would else compile in every cold start: a layer is
 * read-only, so it could not keep what it has compiled. What the cache holds is the same after each run of the same Deno;
 * the file that Deno writes is not, so its rows go into one of ours.
 *
 * @param deno path of a binary that runs here
 * @param folder where the cache lies in the layer
 * @param cancelSignal ends it
 */
export async function denoCacheEntries(
  deno: string,
  folder: string,
  cancelSignal: AbortSignal,
): Promise<FileEntry[]> {
  const work = await mkdtemp(join(tmpdir(), 'pilotlight-deno-'));
  try {
    const entry = join(work, 'entry.mjs');
    await writeFile(entry, MODULES.map((name) => `import 'node:${name}';\n`).join(''));
    const env = { DENO_DIR: work, HOME: work, NO_COLOR: '1' };
    await execa(deno, ['run', '--no-config', '--no-lock', entry], { env, extendEnv: false, cancelSignal });
    const copy = join(work, 'copy');
    copyRows(join(work, DATABASE), copy);
    const file = (ending: string, content: Buffer) => ({
      path: `${folder}/${DATABASE}${ending}`,
      content,
      executable: false,
    });
    // SQLite makes the two beside it when they are missing, and gives up where it cannot.
    return [file('', await readFile(copy)), file('-shm', Buffer.alloc(0)), file('-wal', Buffer.alloc(0))];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function copyRows(from: string, to: string): void {
  const source = new DatabaseSync(from, { readOnly: true, readBigInts: true });
  const target = new DatabaseSync(to);
  // Deno asks for this mode, and only a file that has it already can be read where nothing can be written.
  target.exec('PRAGMA journal_mode=WAL');
  const tables = source
    .prepare("SELECT name, sql FROM sqlite_schema WHERE name IN ('info', 'codecache')")
    .all();
  for (const { name, sql } of tables) {
    target.exec(String(sql));
    for (const row of source.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()) {
      // The entry's own code.
      if (String(row.specifier).startsWith('file:')) continue;
      const places = Object.keys(row).fill('?').join();
      target.prepare(`INSERT INTO ${name} VALUES (${places})`).run(...Object.values(row));
    }
  }
  // Else Deno would want to write statistics at its start, fail, and do without the cache.
  target.exec('ANALYZE');
  target.close();
  source.close();
}
