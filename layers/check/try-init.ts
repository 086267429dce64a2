import { copyFile, link, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FunctionSettings } from '../../runtime/cli/function-settings.ts';
import { chooseMemoryMeter } from '../../runtime/emulator/choose-memory-meter.ts';
import { Environment, INIT_LIMIT_MS } from '../../runtime/emulator/environment.ts';
import type { Failure } from '../../runtime/emulator/failure.ts';
import { INVENTED_CREDENTIALS } from '../../runtime/emulator/lambda-variables.ts';
import { chooseIsolation } from '../../runtime/emulator/sandbox/isolation.ts';
import type { CheckedPart } from './part-files.ts';

/**
 * Runs the init of a function in an environment of the local Lambda: the real bootstrap loads the bundle and looks for
 * its handler. No event is sent.
 *
 * @param parts the layers in their order, and the function
 * @param settings the function's settings
 * @param folder an empty one for the environment, on the file system of the parts
 * @returns why it could not initialise, if so, and what it logged
 */
export async function tryInit(
  { layers, fn }: { layers: readonly CheckedPart[]; fn: CheckedPart },
  settings: FunctionSettings,
  folder: string,
): Promise<{ failure: Failure | undefined; log: readonly string[] }> {
  const [optFolder, taskFolder, tmpFolder] = [join(folder, 'o'), join(folder, 'f'), join(folder, 't')];
  for (const part of layers) await place(part, optFolder);
  await place(fn, taskFolder);
  const isolation = await chooseIsolation('auto');
  const memory = await chooseMemoryMeter(folder, true);
  const log: string[] = [];
  const environment = new Environment({
    settings,
    version: '$LATEST',
    region: 'us-east-1',
    credentials: INVENTED_CREDENTIALS,
    isolation: isolation.name,
    makeMemoryMeter: memory.make,
    optFolder,
    taskFolder,
    tmpFolder,
    initLimitMs: INIT_LIMIT_MS,
    inspectPort: undefined,
    freeze: false,
    log: (line) => log.push(line),
  });
  try {
    return { failure: await environment.start(), log };
  } finally {
    await environment.end();
  }
}

/** Lays a part's files over what is there already, without copying an interpreter of 100 MB where that can be. */
async function place({ folder, files }: CheckedPart, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const { path, linkTarget } of files.values()) {
    const [from, to] = [join(folder, path), join(target, path)];
    await mkdir(dirname(to), { recursive: true });
    if (linkTarget !== undefined) await symlink(linkTarget, to);
    // A later layer stands over an earlier one, and a folder may lie on another file system.
    else await link(from, to).catch(() => copyFile(from, to));
  }
}
