import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { takePost } from '../helpers/take-post.ts';
import { useBootstrap } from '../helpers/use-bootstrap.ts';
import { functionUrlEvent } from '../unit/worker/web/http-events.ts';

/** Lambda's limit on a stream. */
const STREAM_BYTES = 200 * 1024 * 1024;
const PART_BYTES = 64 * 1024;
const SAMPLE_BYTES = 4 * 1024 * 1024;
const MOST_OVER_IDLE_MB = 30;

const PROLOGUE = `import { once } from 'node:events';
  const part = Buffer.alloc(${PART_BYTES}, 'x');
  const partOf = (sent) => sent % 4 === 0 ? Buffer.from(part) : part;`;
const FIRST = `Buffer.from(String(process.pid).padEnd(${PART_BYTES}))`;
const READABLE = `let sent = 0;
    const parts = new ReadableStream({ pull(controller) {
      controller.enqueue(sent === 0 ? ${FIRST} : partOf(sent));
      if (++sent === count) controller.close();
    } });`;
/** A quarter of the parts are new, so that 50 MB would be held if nothing held them back; more would measure the collector. */
const HANDLERS = {
  'a handler that writes': `export const handler = awslambda.streamifyResponse(async (count, stream) => {
    stream.write(String(process.pid).padEnd(${PART_BYTES}));
    for (let sent = 1; sent < count; sent++) {
      if (!stream.write(partOf(sent))) await once(stream, 'drain');
    }
    stream.end();
  });`,
  'an async generator': `export async function* handler(count) {
    yield String(process.pid).padEnd(${PART_BYTES});
    for (let sent = 1; sent < count; sent++) yield partOf(sent);
  }`,
  'a ReadableStream': `export const handler = async (count) => {
    ${READABLE}
    return parts;
  };`,
  'a fetch handler': `export default { fetch(request) {
    const count = Number(new URL(request.url).searchParams.get('count'));
    ${READABLE}
    return new Response(parts);
  } };`,
  'an HTTP server': `import { createServer } from 'node:http';
    createServer(async (request, response) => {
      const count = Number(new URL(request.url, 'http://localhost').searchParams.get('count'));
      response.write(String(process.pid).padEnd(${PART_BYTES}));
      for (let sent = 1; sent < count; sent++) if (!response.write(partOf(sent))) await once(response, 'drain');
      response.end();
    }).listen(process.env.PORT);`,
};
/** What runs behind a URL: its event names the count in the query, its stream begins with status and headers. */
const BEHIND_URL = ['a fetch handler', 'an HTTP server'];
const NULS = Buffer.alloc(8);

for (const [name, code] of Object.entries(HANDLERS)) {
  test(`bootstrap and worker stay below ${MOST_OVER_IDLE_MB} MB over idle with 200 MB of ${name} and a slow reader`, async (t) => {
    const files = { 'function.bundle.js': `${PROLOGUE}\n${code}` };
    const isBehindUrl = BEHIND_URL.includes(name);
    const variables = isBehindUrl ? { PILOTLIGHT_STREAM: 'on' } : {};
    const { api, child } = await useBootstrap(t, { files, variables });
    const body = (count: number) =>
      JSON.stringify(isBehindUrl ? functionUrlEvent({ rawQueryString: `count=${count}` }) : count);
    const warm = await api.send({ id: 'warm', body: body(16) });
    const preludeBytes = isBehindUrl ? warm.body.indexOf(NULS) + NULS.length : 0;
    const pid = Number(String(warm.body.subarray(preludeBytes, preludeBytes + 20)));
    const pids = { bootstrap: child.pid as number, worker: pid };
    await api.polled();
    const idle = residentMb(pids);
    const event = { id: 'large', body: body(STREAM_BYTES / PART_BYTES) };
    const { request, response } = await takePost(api, event);
    const { bytes, most } = await readSlowly(request, () => residentMb(pids));
    response.writeHead(202).end('{}');
    await api.polled();
    // The date of a server is of one length.
    assert.equal(bytes, preludeBytes + STREAM_BYTES);
    for (const side of ['bootstrap', 'worker'] as const) {
      const over = most[side] - idle[side];
      t.diagnostic(`${side}: ${idle[side].toFixed(1)} MB idle, at most ${over.toFixed(1)} MB more`);
      assert.ok(over < MOST_OVER_IDLE_MB, `${side}: ${over} MB over idle`);
    }
  });
}

type Megabytes = Readonly<Record<'bootstrap' | 'worker', number>>;

/** Reads a piece in each turn of the event loop, while the other side could send many, and looks at memory meanwhile. */
async function readSlowly(request: IncomingMessage, sample: () => Megabytes) {
  let bytes = 0;
  let sampledBytes = 0;
  let most = sample();
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    await new Promise(setImmediate);
    if (bytes - sampledBytes < SAMPLE_BYTES) continue;
    sampledBytes = bytes;
    const { bootstrap, worker } = sample();
    most = { bootstrap: Math.max(most.bootstrap, bootstrap), worker: Math.max(most.worker, worker) };
  }
  return { bytes, most };
}

function residentMb(pids: Readonly<Record<'bootstrap' | 'worker', number>>): Megabytes {
  return { bootstrap: residentOf(pids.bootstrap), worker: residentOf(pids.worker) };
}

function residentOf(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1024) / 1e6;
}
