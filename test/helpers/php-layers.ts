import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builder } from '../../layers/builder.ts';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { composeParts } from '../../runtime/emulator/sandbox/compose-parts.ts';

const PROJECT = join(import.meta.dirname, '../..');
const MANIFEST = join(PROJECT, 'layers/interpreters/php/interpreter.json');
const HOST = join(PROJECT, 'worker/php/host.php');

let built: Promise<readonly string[]> | undefined;

/** The layers of a function in PHP: Node's for the bootstrap, PHP's, the runtime's. */
export async function phpLayers(): Promise<readonly string[]> {
  built ??= build();
  return await built;
}

async function build(): Promise<readonly string[]> {
  const { interpreters, runtime } = await builder.buildLayers({
    interpreters: ['php'],
    arch: MACHINE_ARCH,
    out: join(PROJECT, 'dist'),
    signal: new AbortController().signal,
    note: () => {},
  });
  return [...interpreters, runtime];
}

/**
 * Unpacks PHP from its layer.
 *
 * @param folder an empty folder
 * @returns path of the binary
 */
export async function layerPhp(folder: string): Promise<string> {
  const layer = (await phpLayers()).find((path) => path.includes('interpreter-php')) as string;
  await composeParts([layer], folder);
  return join(folder, 'bin/php');
}

/**
 * The command that starts the host, as the manifest of the layer has it.
 *
 * @param binary PHP
 * @param memoryMiB what its scripts may take
 */
export function phpHostCommand(binary: string, memoryMiB = 64): readonly string[] {
  const { worker } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { worker: readonly string[] };
  return worker.map((argument) =>
    argument.replace('{binary}', binary).replace('{heapMiB}', String(memoryMiB)).replace('{host}', HOST),
  );
}
