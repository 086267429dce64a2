import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { ToolError } from '../../runtime/cli/tool-error.ts';

/** So that `require "pilotlight"` finds the shard where the function did not install one in its `lib`. */
const SHARD = join(import.meta.dirname, '../../worker/crystal/src');
/** Of an error the compiler shows the code round it. */
const SHOWN_LINES = 20;

/**
 * Compiles a Crystal program so that it needs nothing of the system it runs on.
 *
 * @param folder the program's folder, whose `lib` holds its shards
 * @param entry the file to start from, relative to the folder
 * @param options `release` whether it is optimised, which takes five times as long; `signal` stops the compiler
 * @returns the program
 * @throws {ToolError} `CANNOT` when there is no compiler, `BUILD_FAILED` with what it said
 */
export async function compileCrystal(
  folder: string,
  entry: string,
  options: { release: boolean; signal?: AbortSignal | undefined },
): Promise<Buffer> {
  const target = await mkdtemp(join(tmpdir(), 'pilotlight-crystal-'));
  const program = join(target, 'function.bundle');
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    execa('crystal', args, {
      cwd: folder,
      env,
      all: true,
      ...(options.signal && { cancelSignal: options.signal }),
    });
  try {
    const { stdout: path } = await run(['env', 'CRYSTAL_PATH']);
    const flags = ['--static', '--no-color', ...(options.release ? ['--release'] : [])];
    await run(['build', ...flags, '-o', program, entry], { CRYSTAL_PATH: `${path}:${SHARD}` });
    return await readFile(program);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw explain(join(folder, entry), error);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

function explain(file: string, error: unknown): ToolError {
  const { code, all, message } = error as { code?: string; all?: string; message: string };
  if (code === 'ENOENT') {
    return new ToolError('CANNOT', `Cannot compile "${file}": found no "crystal" in PATH`, {
      next: 'install Crystal 1.6 or newer: the package crystal on Debian, else https://crystal-lang.org/install',
      cause: error,
    });
  }
  const said = (all ?? message).trim().split('\n').slice(0, SHOWN_LINES).join('\n  ');
  return new ToolError('BUILD_FAILED', `Cannot compile "${file}"\n  ${said}`, { cause: error });
}
