import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { monotonicMs } from '../../runtime/emulator/control/replacement.ts';

/** One invocation, its times on the clock that all processes share. */
export interface Sample {
  readonly sentMs: number;
  readonly receivedMs: number;
  /** What the function answered: the version of its code; undefined when the invocation failed. */
  readonly version: string | undefined;
  /** What came instead. */
  readonly failure?: string;
}

/** Clients that call a function one after the other, without a pause. */
export interface Load {
  readonly samples: readonly Sample[];
  stop(): Promise<void>;
}

/**
 * Starts clients.
 *
 * @param url of the Lambda API
 * @param name of the function
 * @param clients how many
 */
export function startLoad(url: string, name: string, clients: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const samples: Sample[] = [];
  let isOver = false;
  const keepCalling = async () => {
    while (!isOver) samples.push(await invoke(url, name, agent));
  };
  const running = Array.from({ length: clients }, keepCalling);
  return {
    samples,
    stop: async () => {
      isOver = true;
      await Promise.all(running);
      agent.destroy();
    },
  };
}

/**
 * Calls a function once.
 *
 * @param name of the function, with a version if it is to be that one
 */
export async function invoke(url: string, name: string, agent?: Agent): Promise<Sample> {
  const sentMs = monotonicMs();
  const fail = (failure: string) => ({ sentMs, receivedMs: monotonicMs(), version: undefined, failure });
  try {
    const { promise, resolve, reject } = Promise.withResolvers<{
      status: number;
      body: string;
      isError: boolean;
    }>();
    const path = `${url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
    const call = request(path, { method: 'POST', agent }, (response) => {
      const isError = response.headers['x-amz-function-error'] !== undefined;
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body, isError }), reject);
    });
    call.on('error', reject);
    call.end('{}');
    const { status, body, isError } = await promise;
    if (status !== 200 || isError) return fail(`${status} ${body}`);
    return { sentMs, receivedMs: monotonicMs(), version: JSON.parse(body) };
  } catch (error) {
    return fail(String(error));
  }
}
