import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { interpreterFolder, readInterpreterSource } from '../../layers/build/interpreter-source.ts';
import { MACHINE_ARCH } from '../../runtime/cli/function-settings.ts';
import { useLayers } from './built-layers.ts';

/** Interpreters that the bootstrap runs on when there is no Node. */
export type BootstrapInterpreter = 'bun' | 'deno';

/**
 * Links an interpreter into a folder of layers. It has no manifest there, so it hosts no function.
 *
 * @param name the interpreter
 * @param opt the folder
 * @returns the command that starts the bootstrap on it, for sh: one argument a line
 */
export async function linkInterpreter(name: BootstrapInterpreter, opt: string): Promise<string> {
  symlinkSync(await installedBinary(name), join(opt, 'bin', name));
  const { bootstrap } = await readInterpreterSource(name);
  return bootstrap.map((argument) => argument.replace('{binary}', `{layers}/bin/${name}`)).join('\n');
}

/**
 * Installs an interpreter's package, unless it is there.
 *
 * @param name the interpreter
 * @returns path of its binary
 */
export async function installedBinary(name: BootstrapInterpreter): Promise<string> {
  await useLayers(name);
  const { packages, packageBinary } = await readInterpreterSource(name);
  return join(interpreterFolder(name), 'node_modules', packages[MACHINE_ARCH], packageBinary);
}
