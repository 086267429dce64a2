import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { PROTOCOL_VERSION } from '../../../worker/protocol.ts';
import { pinnedNode } from '../../helpers/clients.ts';
import { type TestBootstrap, useBootstrap } from '../../helpers/use-bootstrap.ts';
import type { Cleaner } from '../../helpers/use-tmp.ts';

/** Its last act is to write down when; all processes share the monotonic clock. */
const FUNCTION = {
  'function.bundle.js': `import { writeFileSync } from 'node:fs';
    export const handler = (event) => {
      if (!event.die) return 'lives';
      writeFileSync(process.env.TMPDIR + '/died', String(process.hrtime.bigint()));
      process.kill(process.pid, 'SIGKILL');
    };`,
};
const WARM_INVOCATIONS = 20;

/** What one round took, in milliseconds. */
export interface Round {
  /** A Node worker alone: from its start to its ready line, the function loaded. */
  readonly startMs: number;
  /** From the first death in an environment to the end of the next answer. */
  readonly firstMs: number;
  /** The same for the second death: what a replacement needs is loaded by then. */
  readonly secondMs: number;
}

/**
 * Measures a start and two recoveries, one after the other, in an environment of its own.
 *
 * @param cleaner what ends and removes it
 */
export async function measureRound(cleaner: Cleaner): Promise<Round> {
  const bootstrap = await useBootstrap(cleaner, { files: FUNCTION });
  for (let count = 0; count < WARM_INVOCATIONS; count += 1) await answer(bootstrap, `warm-${count}`);
  const startMs = await startWorker(bootstrap.folder);
  const firstMs = await recover(bootstrap, 'first');
  const secondMs = await recover(bootstrap, 'second');
  return { startMs, firstMs, secondMs };
}

async function recover(bootstrap: TestBootstrap, id: string): Promise<number> {
  const { path } = await bootstrap.api.send({ id: `${id}-dies`, body: '{"die":true}' });
  if (!path.endsWith('/error')) throw new Error(`Cannot measure a recovery: got ${path}, expected an error`);
  await answer(bootstrap, id);
  const endNs = process.hrtime.bigint();
  return toMs(endNs - BigInt(readFileSync(join(bootstrap.folder, 'tmp/died'), 'utf8')));
}

async function answer({ api }: TestBootstrap, id: string): Promise<void> {
  const { body } = await api.send({ id });
  if (String(body) !== '"lives"') throw new Error(`Cannot measure: got ${body}, expected "lives"`);
}

/** Starts the host on its own, as the bootstrap would. */
async function startWorker(folder: string): Promise<number> {
  const plain = join(folder, 'plain');
  mkdirSync(plain);
  const begin = process.hrtime.bigint();
  const child = spawn(pinnedNode(), [join(folder, 'opt/pilotlight/hosts/node.mjs')], {
    env: {},
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  const go = { kind: 'go', protocol: PROTOCOL_VERSION, socket: join(plain, 's'), token: 'token' };
  child.stdin?.write(
    `${JSON.stringify({ ...go, folder: join(folder, 'task'), handler: 'function.handler' })}\n`,
  );
  const [line] = await once(child.stdio[3] as Readable, 'data');
  const startMs = toMs(process.hrtime.bigint() - begin);
  if (!String(line).startsWith('{"kind":"ready"')) throw new Error(`Cannot start a worker: it said ${line}`);
  child.stdin?.end();
  await once(child, 'exit');
  return startMs;
}

function toMs(ns: bigint): number {
  return Number(ns) / 1e6;
}
