import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Settings } from '../config.ts';
import { PilotlightError } from '../errors.ts';

/** What Linux reads of a file to see who runs it. */
const HEAD_BYTES = 256;
const PROGRAM_BUNDLES = ['function.bundle', 'function.bundle.sh'];

/**
 * Finds the program that a function is: `function.bundle` or `function.bundle.sh`, else, where there is no other bundle,
 * the file that the handler's module part names, or the handler, with the ending `.sh` or without.
 *
 * @param settings the settings
 * @returns its path; `undefined` where the function is none, and has a handler for a host
 * @throws {PilotlightError} `BUNDLE_FAILED` for one that cannot be started, with what it lacks
 */
export function findProgram({ taskRoot, handler, variables }: Settings): string | undefined {
  const module = handler.replace(/\.[^./]*$/, '');
  const names = hasOtherBundle(taskRoot)
    ? PROGRAM_BUNDLES
    : [...PROGRAM_BUNDLES, module, `${module}.sh`, handler];
  const file = names.map((name) => join(taskRoot, name)).find(isFile);
  if (file === undefined) return undefined;
  const reason = whyNotStartable(file, variables.PATH ?? '');
  if (reason === undefined) return file;
  throw new PilotlightError('BUNDLE_FAILED', `Cannot run "${file}": ${reason}`, {
    errorType: 'Runtime.InvalidEntrypoint',
  });
}

function hasOtherBundle(taskRoot: string): boolean {
  try {
    return readdirSync(taskRoot).some((name) => /^function\.bundle\.(?!sh$)\w+$/.test(name));
  } catch {
    return false;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The system's own words, `ENOENT` of a script that is there, do not tell whose file is missing. */
function whyNotStartable(file: string, searchPath: string): string | undefined {
  if (!isExecutable(file)) return 'it is not executable, expected mode 755';
  const head = readHead(file);
  if (head.startsWith('\x7fELF')) return undefined;
  const line = /^#![ \t]*([^\n]*)/.exec(head)?.[1];
  if (line === undefined) return 'it begins neither with #! nor as a program for Linux';
  if (line.endsWith('\r')) return 'its first line ends as in Windows (CRLF), expected a line feed alone';
  const [interpreter = '', ...args] = line.trim().split(/[ \t]+/);
  if (!isFile(interpreter)) return `its interpreter "${interpreter}" is not there`;
  const name = args.find((argument) => argument !== '-S');
  if (!interpreter.endsWith('/env') || name === undefined || name.includes('=')) return undefined;
  const isFound = searchPath.split(delimiter).some((folder) => existsSync(join(folder, name)));
  return isFound ? undefined : `its interpreter "${name}" is not in PATH, which is "${searchPath}"`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readHead(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('latin1', 0, readSync(descriptor, head));
  } finally {
    closeSync(descriptor);
  }
}
