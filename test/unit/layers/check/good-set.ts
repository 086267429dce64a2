import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { partList } from '../../../../layers/build/part-list.ts';
import { PROTOCOL_VERSION } from '../../../../worker/protocol.ts';

/** A file's content and mode, a link's target, or how many bytes of zeros it has. */
export type Planted =
  | { readonly content: string | Buffer; readonly mode?: number }
  | { readonly link: string }
  | { readonly zeros: number };

/** Files of the parts of a set, by the part's name and their path. */
export type Parts = Record<string, Record<string, Planted>>;

/** A small program of this machine, which stands for interpreters. */
export const PROGRAM = readFileSync('/bin/true');
const ARCH = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const BUNDLE = 'export const handler = () => 1;\n';
const BOOTSTRAP = '#!/bin/bash -p\nexit\n';

/** What the manifest of an interpreter says. */
export function manifest(changes: object = {}): { readonly content: string } {
  const sha256 = digest(PROGRAM);
  const described = {
    name: 'node',
    version: '24.21.0',
    arch: ARCH,
    binary: 'bin/node',
    sha256,
    bootstrap: ['{binary}'],
  };
  return { content: JSON.stringify({ ...described, host: 'hosts/node.mjs', bundles: ['js'], ...changes }) };
}

/** What the runtime layer says of itself. */
export function runtimeJson(changes: object = {}): { readonly content: string } {
  return { content: JSON.stringify({ version: '0.1.0', protocol: PROTOCOL_VERSION, ...changes }) };
}

/** The list of a part with one file. */
function list(path: string, file: string, text: string, executable: boolean): { readonly content: Buffer } {
  const { entry } = partList(path, [{ path: file, content: Buffer.from(text), executable }]);
  return { content: Buffer.from(entry.content) };
}

/** The parts of a set that is as it should be. */
export function goodParts(): Parts {
  return {
    interpreter: {
      'bin/node': { content: PROGRAM, mode: 0o755 },
      'interpreters/node.json': manifest(),
      'interpreters/node.start': { content: '{binary}\n{bootstrap}\n\n{binary}\n' },
    },
    runtime: {
      bootstrap: { content: BOOTSTRAP, mode: 0o755 },
      'pilotlight/runtime.json': runtimeJson(),
      'pilotlight/runtime.files': list('pilotlight/runtime.files', 'bootstrap', BOOTSTRAP, true),
      'pilotlight/hosts/node.mjs': { content: '' },
    },
    fn: {
      'function.bundle.js': { content: BUNDLE },
      'function.files': list('function.files', 'function.bundle.js', BUNDLE, false),
    },
  };
}

/**
 * Writes parts as folders.
 *
 * @param folder where each gets a folder of its name
 * @param parts what is in them
 * @returns their paths, in order
 */
export function writeParts(folder: string, parts: Parts): string[] {
  return Object.entries(parts).map(([name, files]) => {
    for (const [path, planted] of Object.entries(files)) write(join(folder, name, path), planted);
    return join(folder, name);
  });
}

/** Replaces one text in a program by another that is not longer. */
export function patched(from: string, to: string): Buffer {
  const copy = Buffer.from(PROGRAM);
  const at = copy.indexOf(`${from}\0`);
  if (at < 0) throw new Error(`"${from}" is not in the program`);
  copy.fill(0, at, at + from.length).write(to, at, 'latin1');
  return copy;
}

function write(path: string, planted: Planted): void {
  mkdirSync(dirname(path), { recursive: true });
  if ('link' in planted) {
    symlinkSync(planted.link, path);
  } else if ('zeros' in planted) {
    writeFileSync(path, '');
    truncateSync(path, planted.zeros);
  } else {
    writeFileSync(path, planted.content);
    chmodSync(path, planted.mode ?? 0o644);
  }
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
