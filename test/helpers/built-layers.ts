import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeZip, type ZipEntry } from '../../layers/build/zip.ts';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';
import { LAYERS_FOLDER } from './clients.ts';
import { madeOnce } from './made-once.ts';

/** Larger files are the interpreters themselves. */
const LINKED_BYTES = 1024 * 1024;

/** Paths of zips. */
export interface TestLayers {
  readonly interpreter: string;
  /** All that it needs: Node's too where it cannot run the bootstrap. */
  readonly interpreters: readonly string[];
  readonly runtime: string;
}

/**
 * The built interpreter and runtime layers. To look whether they are up to date takes a second: once for a run.
 *
 * @param name the interpreter
 */
export async function useLayers(name = 'node'): Promise<TestLayers> {
  const folder = await madeOnce(`layers-${name}`, async (made) => {
    // Loading it takes longer than many a test that needs no more than the paths.
    const { builder } = await import('../../layers/builder.ts');
    const { interpreters, runtime } = await builder.buildLayers({
      interpreters: [name],
      arch: MACHINE_ARCH,
      out: LAYERS_FOLDER,
      signal: new AbortController().signal,
      note: () => {},
    });
    const layers = { interpreter: interpreters.at(-1), interpreters, runtime };
    writeFileSync(join(made, 'layers.json'), JSON.stringify(layers));
  });
  return JSON.parse(readFileSync(join(folder, 'layers.json'), 'utf8')) as TestLayers;
}

/**
 * Copies what the runtime layer holds.
 *
 * @param folder existing folder that stands for `/opt`
 */
export async function copyRuntime(folder: string): Promise<void> {
  const { runtime } = await useLayers();
  const unpacked = await madeOnce('runtime', async (made) => void (await composeParts([runtime], made)));
  cpSync(unpacked, folder, { recursive: true });
}

/**
 * Node's layer with a link to its binary, which need not be unpacked for every local Lambda; its bytes are the layer's own.
 *
 * @returns path of the zip
 */
export async function linkedInterpreter(): Promise<string> {
  const { interpreter } = await useLayers();
  const unpacked = await madeOnce(
    'interpreter',
    async (made) => void (await composeParts([interpreter], made)),
  );
  const folder = await madeOnce('interpreter-linked', async (made) => {
    const paths = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
    const files = paths.filter((path) => statSync(join(unpacked, path)).isFile());
    const entries = await Promise.all(files.map((path) => linkedEntry(unpacked, path)));
    await writeZip(join(made, basename(interpreter)), entries);
  });
  return join(folder, basename(interpreter));
}

async function linkedEntry(folder: string, path: string): Promise<ZipEntry> {
  const from = join(folder, path);
  const { size, mode } = statSync(from);
  if (size > LINKED_BYTES) return { path, linkTarget: from };
  return { path, content: await readFile(from), executable: (mode & 0o111) !== 0 };
}
