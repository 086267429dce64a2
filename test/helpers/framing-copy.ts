import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClientConnection } from '../../runtime/http1/client-connection.ts';
import type { headerOf } from '../../runtime/http1/head.ts';
import type { MessageReader } from '../../runtime/http1/message-reader.ts';
import type { serveConnection } from '../../runtime/http1/server-connection.ts';
import { type Cleaner, useTmp } from './use-tmp.ts';

/** What the framing is to those who use it. */
export interface Framing {
  readonly MessageReader: typeof MessageReader;
  readonly ClientConnection: typeof ClientConnection;
  readonly serveConnection: typeof serveConnection;
  readonly headerOf: typeof headerOf;
}

/** A change of the sources: one text in one file becomes another. */
export interface Defect {
  readonly name: string;
  /** Below `runtime/http1/`, without `.ts`. */
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

const SOURCES = join(import.meta.dirname, '../../runtime/http1');

/**
 * Loads a copy of the framing, with a defect or without.
 *
 * @param t the test's context
 * @param defect what is changed; its text must stand in the file exactly once
 */
export async function loadFraming(t: Cleaner, defect?: Defect): Promise<Framing> {
  const folder = useTmp(t);
  cpSync(SOURCES, folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  if (defect !== undefined) plant(join(folder, `${defect.file}.ts`), defect);
  const load = (name: string) => import(pathToFileURL(join(folder, `${name}.ts`)).href);
  const parts = await Promise.all(
    ['message-reader', 'client-connection', 'server-connection', 'head'].map(load),
  );
  return Object.assign({}, ...parts) as Framing;
}

function plant(path: string, { text, becomes, file }: Defect): void {
  const parts = readFileSync(path, 'utf8').split(text);
  assert.equal(parts.length, 2, `"${text}" stands ${parts.length - 1} times in ${file}.ts, expected once`);
  writeFileSync(path, parts.join(becomes));
}
