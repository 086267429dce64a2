import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Versions of what something is made of, by name. */
export type Versions = Readonly<Record<string, string>>;

const VERSIONS_FILE = 'versions.json';
const versionsSchema = z.record(z.string(), z.string());

/**
 * Reads the versions that an installation left beside what it installed.
 *
 * @param folder the installation
 * @returns nothing when it is not there
 * @throws when the file is damaged
 */
export function readVersions(folder: string): Versions {
  let text: string;
  try {
    text = readFileSync(join(folder, VERSIONS_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  return parseVersions(text);
}

/**
 * Leaves the versions beside what was installed.
 *
 * @param folder the installation
 * @param versions what its tools told
 */
export function writeVersions(folder: string, versions: Versions): void {
  writeFileSync(join(folder, VERSIONS_FILE), `${JSON.stringify(versions, undefined, 2)}\n`);
}

/**
 * Reads versions from JSON.
 *
 * @param text an object of strings
 * @throws when it is not
 */
export function parseVersions(text: string): Versions {
  return versionsSchema.parse(JSON.parse(text));
}

/**
 * Reads what `go version -m FILE` prints: the compiler and a line for each module.
 *
 * @param text its output
 * @param module path of the module whose version is wanted
 * @throws when it is not in there
 */
export function parseGoVersions(text: string, module: string): { go: string; module: string } {
  const go = /: go(\S+)/.exec(text)?.[1];
  const line = text.split('\n').find((each) => each.startsWith(`\tdep\t${module}\t`));
  const version = line?.split('\t')[3]?.replace(/^v/, '');
  if (go === undefined || version === undefined) throw unreadable(module, 'go version -m', text);
  return { go, module: version };
}

/**
 * Finds a package in a `Cargo.lock`, which `--locked` builds follow to the letter.
 *
 * @param text the file
 * @param name the package's name
 * @throws when it is not in there
 */
export function parseCargoLock(text: string, name: string): string {
  const block = text.split('\n\n').find((each) => each.includes(`\nname = "${name}"\n`));
  const version = /^version = "(.+)"$/m.exec(block ?? '')?.[1];
  if (version === undefined) throw unreadable(name, 'Cargo.lock', text);
  return version;
}

/**
 * Finds a package in what `cargo install --list` prints.
 *
 * @param text its output
 * @param name the package's name
 * @throws when it is not in there
 */
export function parseCargoList(text: string, name: string): string {
  const line = text.split('\n').find((each) => each.startsWith(`${name} v`));
  const version = line?.slice(name.length + 2).split(/[: ]/, 1)[0];
  if (!version) throw unreadable(name, 'cargo install --list', text);
  return version;
}

/**
 * Reads what `rustc --version` prints.
 *
 * @param text its output
 * @throws when there is no version in it
 */
export function parseRustVersion(text: string): string {
  const version = /^rustc (\S+)/m.exec(text)?.[1];
  if (version === undefined) throw unreadable('rustc', 'rustc --version', text);
  return version;
}

function unreadable(name: string, source: string, text: string): Error {
  return new Error(`Cannot read the version of "${name}" from ${source}: "${text.slice(0, 200)}"`);
}
