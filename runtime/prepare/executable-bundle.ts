import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PilotlightError } from '../errors.ts';
import type { Interpreter } from './interpreter.ts';

/** The file that is a worker by itself; `bootstrap.sh` knows it too. */
const NAME = 'function.bundle';
const HEADER_BYTES = 20;
/** By their number in the header of an ELF file, in Node's words. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [62, 'x64'],
  [183, 'arm64'],
]);

/**
 * Finds a function that is a program which speaks the worker protocol itself, and so needs no interpreter. It is started
 * from where it lies: a copy would take `/tmp`, where programs may be forbidden besides.
 *
 * @param taskRoot the function's files
 * @returns how it is started, or `undefined` when the function is none
 * @throws {PilotlightError} `BUNDLE_FAILED` for what is no program that may be started, `INTERPRETER_UNUSABLE` for one of
 *   another architecture
 */
export function findExecutableBundle(taskRoot: string): Interpreter | undefined {
  const path = join(taskRoot, NAME);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  checkMachine(path, readHeader(path));
  return {
    name: NAME,
    version: 'by itself',
    binary: path,
    worker: ['{binary}'],
    variables: {},
    permissions: undefined,
    host: path,
    bundles: [],
  };
}

function readHeader(path: string): Buffer {
  try {
    accessSync(path, constants.X_OK);
    const header = Buffer.alloc(HEADER_BYTES);
    const file = openSync(path, 'r');
    readSync(file, header);
    closeSync(file);
    return header;
  } catch (error) {
    throw new PilotlightError(
      'BUNDLE_FAILED',
      `Cannot start "${path}": ${(error as Error).message}; expected a program with mode 755`,
      { cause: error },
    );
  }
}

function checkMachine(path: string, header: Buffer): void {
  if (header.toString('latin1', 0, 2) === '#!') return;
  if (header.toString('latin1', 0, 4) !== '\x7fELF') {
    throw new PilotlightError(
      'BUNDLE_FAILED',
      `Cannot start "${path}": it is no program, expected an ELF file or a first line that begins with "#!"`,
    );
  }
  const machine = MACHINES.get(header.readUInt16LE(18)) ?? 'another machine';
  if (machine === process.arch) return;
  throw new PilotlightError(
    'INTERPRETER_UNUSABLE',
    `Cannot start "${path}": it is built for ${machine}, the environment is ${process.arch}`,
  );
}
