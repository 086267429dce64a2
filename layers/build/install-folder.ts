import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import process from 'node:process';
import { interpreterFolder } from './interpreter-source.ts';

/**
 * Where the packages of an interpreter are put: beside its source, but in the user's cache for an installed pilotlight,
 * whose own folder may belong to another user and goes with the next `npm install`.
 *
 * @param name the interpreter's name
 */
export function installFolder(name: string): string {
  const beside = interpreterFolder(name);
  if (!beside.includes(`${sep}node_modules${sep}`)) return beside;
  const { HOME = tmpdir(), XDG_CACHE_HOME = join(HOME, '.cache') } = process.env;
  return join(XDG_CACHE_HOME, 'pilotlight/interpreters', name);
}
