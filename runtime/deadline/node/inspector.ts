import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessStat } from '../../process-stat.ts';
import { createNativeClient } from '../../transport/native-client.ts';
import { listeningPorts } from './inspector-port.ts';
import { connectWebSocket } from './web-socket.ts';

/** A Node process that evaluates what it is asked, in between what it runs. */
export interface Inspector {
  /**
   * Evaluates an expression, also within an endless loop.
   *
   * @param expression gives a value that JSON knows
   * @param awaitPromise whether it gives a promise of one; that settles only where the event loop turns
   * @returns the value; waits as long as nothing in the process can be interrupted
   * @throws Error when the process ended
   */
  evaluate(expression: string, awaitPromise?: boolean): Promise<unknown>;
  /** Closes it within the process too. */
  close(): Promise<void>;
  /** Settles when it is closed, or the process ended. */
  readonly closed: Promise<unknown>;
}

/** Nothing tells of a port that another process opens. */
const POLL_MS = 2;
/** Once nobody is connected any more: with a connection the process would stand still until that is closed. */
const CLOSE = 'void setTimeout(process._debugEnd, 20).unref()';
const SIGUSR1_BIT = 1n << 9n;

/**
 * Opens the inspector of a Node process by the signal that Node has for it. Until then it costs the process nothing. One
 * that was opened for a developer takes a second session; it is left open.
 *
 * @param pid the process
 * @param debugPort on which a developer's listens, 0 where the system chose it; `undefined`: there is none
 * @throws Error when the process ended, or takes no such signal: it would be its end
 */
export async function openInspector(pid: number, debugPort?: number): Promise<Inspector> {
  const port = debugPort === undefined ? await wake(pid) : debugPort || firstPort(pid);
  const answers = new Map<number, PromiseWithResolvers<unknown>>();
  const link = await connectWebSocket(port, await targetPath(port), (text) => {
    const { id, value } = parseAnswer(text);
    answers.get(id)?.resolve(value);
  });
  let isClosed = false;
  void link.closed.then(() => {
    isClosed = true;
    for (const { reject } of answers.values()) reject(new Error('The process ended'));
  });
  let last = 0;
  const inspector: Inspector = {
    async evaluate(expression, awaitPromise = false) {
      // Nobody would answer: an earlier look closed it.
      if (isClosed) throw new Error('The inspector is closed');
      const id = ++last;
      const params = { expression, returnByValue: true, awaitPromise, silent: true };
      link.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      const answer = Promise.withResolvers<unknown>();
      answers.set(id, answer);
      return answer.promise;
    },
    closed: link.closed,
    async close() {
      if (debugPort === undefined) await inspector.evaluate(CLOSE);
      link.close();
    },
  };
  return inspector;
}

/** The other side is what the function makes of it. */
function parseAnswer(text: string): { readonly id: number; readonly value: unknown } {
  try {
    const { id, result } = JSON.parse(text);
    return { id, value: result?.result?.value };
  } catch {
    return { id: 0, value: undefined };
  }
}

async function wake(pid: number): Promise<number> {
  if (!takesSignal(pid)) throw new Error('Cannot wake the inspector: the process has no handler for SIGUSR1');
  let before = listeningPorts(pid);
  process.kill(pid, 'SIGUSR1');
  for (;;) {
    const ports = listeningPorts(pid);
    const [port] = [...ports].filter((one) => !before.has(one));
    if (port !== undefined) return port;
    if ((readProcessStat(pid)?.state ?? 'Z') === 'Z') throw new Error('The process ended');
    if (ports.size < before.size) {
      // An earlier look's inspector was still on its way out, and the signal was lost on it.
      before = ports;
      process.kill(pid, 'SIGUSR1');
    }
    await delay(POLL_MS);
  }
}

/** Node opens its own before it runs any code. */
function firstPort(pid: number): number {
  const [port] = listeningPorts(pid);
  if (port === undefined) throw new Error('Cannot find the inspector: the process listens on no port');
  return port;
}

/** A process without a handler for it would be ended by it. */
function takesSignal(pid: number): boolean {
  const [, caught] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return (BigInt(`0x${caught ?? 0}`) & SIGUSR1_BIT) !== 0n;
}

/** The path carries an id that nobody can guess. */
async function targetPath(port: number): Promise<string> {
  const client = createNativeClient({
    target: { host: '127.0.0.1', port },
    host: `127.0.0.1:${port}`,
    connections: 1,
    maxHeadBytes: 16_384,
    maxWholeBytes: 65_536,
  });
  const body = await new Promise<unknown>((resolve, reject) => {
    const request = { method: 'GET', path: '/json/list', lines: '', body: Buffer.alloc(0) } as const;
    client.send(request, { onAnswer: (answer) => resolve(answer.body), onError: reject });
  });
  client.close();
  const [target] = JSON.parse(String(body)) as { readonly webSocketDebuggerUrl: string }[];
  return new URL(target?.webSocketDebuggerUrl ?? '').pathname;
}
