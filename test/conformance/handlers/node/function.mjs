// The kit's handler: what it does, an event says in `action`; all else is answered as it is.
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

if (process.env.CONFORMANCE_INIT === 'throw') throw new RangeError('init failed on purpose: grüße 🔥');
if (process.env.CONFORMANCE_INIT === 'exit') process.exit(7);

// Node's own way to be told of the end, which a runtime may make work on Lambda.
if (process.env.CONFORMANCE_HOOK === 'shutdown') process.on('SIGTERM', () => console.log('the hook has run'));

function hook(side, at) {
  return async () => {
    if (process.env.CONFORMANCE_SNAPSHOT === `${side} fails`) throw new TypeError(`${side} fails on purpose`);
    console.log(`${side} ${at}`);
  };
}

if (process.env.CONFORMANCE_SNAPSHOT !== undefined) {
  for (const at of [1, 2]) {
    pilotlight.beforeSnapshot(hook('before', at));
    pilotlight.afterRestore(hook('after', at));
  }
}

let count = 0;

async function untilFile(path) {
  while (!existsSync(path)) await delay(5);
}

const ACTIONS = {
  throw: ({ message }) => {
    throw new TypeError(message);
  },
  reject: async ({ message }) => {
    await delay(1);
    throw new TypeError(message);
  },
  'throw-value': ({ value }) => {
    throw value;
  },
  exit: ({ code }) => process.exit(code),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  wait: async ({ path, value }) => {
    await untilFile(path);
    return value;
  },
  context: (_event, context) => ({
    requestId: context.awsRequestId,
    functionArn: context.invokedFunctionArn,
    functionName: context.functionName,
    functionVersion: context.functionVersion,
    memoryMiB: Number(context.memoryLimitInMB),
    remainingMs: context.getRemainingTimeInMillis(),
    clientContext: context.clientContext ?? null,
    identity: context.identity ?? null,
    tenantId: context.tenantId ?? null,
  }),
  env: ({ names }) => Object.fromEntries(names.map((name) => [name, process.env[name] ?? null])),
  folder: () => process.cwd(),
  log: async ({ level = 'info', lines, code, path }) => {
    if (path !== undefined) await untilFile(path);
    for (const [at, line] of lines.entries()) {
      if (at > 0) await new Promise(setImmediate);
      console[level](line);
    }
    if (code !== undefined) process.exit(code);
    return null;
  },
  large: ({ bytes }) => 'x'.repeat(bytes - 2),
  unwritable: () => 1n,
  nothing: () => undefined,
  count: () => ++count,
};

export async function handler(event, context) {
  const action = ACTIONS[event?.action];
  return action === undefined ? event : action(event, context);
}

async function writeStream(event, output) {
  const { parts = [], http, waitFor, failBefore, failAfter } = event;
  if (failBefore !== undefined) throw new TypeError(failBefore);
  const target = http === undefined ? output : awslambda.HttpResponseStream.from(output, http);
  if (http === undefined) target.setContentType(event.contentType ?? 'application/octet-stream');
  for (const [index, part] of parts.entries()) {
    if (index === 1 && waitFor !== undefined) await untilFile(waitFor);
    if (!target.write(part)) await new Promise((resolve) => target.once('drain', resolve));
  }
  for (let sent = 0; sent < (event.bytes ?? 0); sent += 65_536) {
    const ok = target.write(Buffer.alloc(Math.min(65_536, event.bytes - sent), 'x'));
    if (!ok) await new Promise((resolve) => target.once('drain', resolve));
  }
  if (failAfter !== undefined) throw new TypeError(failAfter);
  target.end();
}

export const stream = globalThis.awslambda?.streamifyResponse(writeStream);
