import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Either the file that Lambda would execute, or why it would find none. */
export type BootstrapSearch =
  | { readonly kind: 'found'; readonly insidePath: string; readonly file: string }
  | { readonly kind: 'invalid'; readonly reason: string };

/** `e_machine` of an ELF header by Node's name of the architecture. */
const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const ELF_MACHINE_OFFSET = 18;
/** The kernel reads no more of a script to find its interpreter. */
const MAX_FIRST_LINE_BYTES = 256;

/**
 * Looks for the bootstrap as Lambda does: the first that exists of `/var/task/bootstrap` and `/opt/bootstrap`
 * (`/var/runtime`, the very first, is empty on OS-only runtimes).
 *
 * @param optFolder folder that stands for `/opt`
 * @param taskFolder folder that stands for `/var/task`
 * @returns the bootstrap, or why there is none that can be executed
 */
export async function findBootstrap(optFolder: string, taskFolder: string): Promise<BootstrapSearch> {
  const candidates = [
    { insidePath: '/var/task/bootstrap', file: join(taskFolder, 'bootstrap') },
    { insidePath: '/opt/bootstrap', file: join(optFolder, 'bootstrap') },
  ];
  for (const { insidePath, file } of candidates) {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    const problem = await whyNotExecutable(file);
    return problem === undefined
      ? { kind: 'found', insidePath, file }
      : { kind: 'invalid', reason: `"${insidePath}" ${problem}` };
  }
  return { kind: 'invalid', reason: 'neither "/var/task/bootstrap" nor "/opt/bootstrap" exists' };
}

/**
 * Finds out what is missing where a shell starts the bootstrap, whose exit code would say that less clearly than the
 * kernel does.
 *
 * @param file the bootstrap
 * @returns why its first line cannot be followed, if so
 */
export async function whyNotInterpreted(file: string): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(MAX_FIRST_LINE_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(head.toString('utf8', 0, bytesRead))?.[1];
    if (interpreter === undefined) return undefined;
    return await access(interpreter, constants.X_OK).then(
      () => undefined,
      () => `its interpreter "${interpreter}" cannot be executed`,
    );
  } finally {
    await handle.close();
  }
}

/** Looks into the file because libc hands what the kernel cannot execute to a shell, and Lambda does not. */
async function whyNotExecutable(file: string): Promise<string | undefined> {
  try {
    await access(file, constants.X_OK);
  } catch {
    return 'is not executable, expected mode 0755';
  }
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return 'cannot be read';
  try {
    const head = Buffer.alloc(ELF_MACHINE_OFFSET + 2);
    await handle.read(head, 0, head.length, 0);
    if (head.toString('latin1', 0, 2) === '#!') return undefined;
    if (head.toString('latin1', 0, 4) !== '\x7fELF') return 'is neither a script with "#!" nor a program';
    if (head.readUInt16LE(ELF_MACHINE_OFFSET) !== ELF_MACHINES[process.arch]) {
      return `is a program for another architecture, expected ${process.arch}`;
    }
    return undefined;
  } finally {
    await handle.close();
  }
}
