import { INVOCATIONS_PATH, TOKEN_HEADER } from '../protocol.ts';
import type { HeaderLookup } from './context.ts';
import type { Answer, Invoker } from './invoke.ts';

export interface HostRequest {
  readonly method: string;
  readonly path: string;
  readonly header: HeaderLookup;
  readonly body: Buffer;
}

export type HandleRequest = (request: HostRequest) => Promise<Answer>;

/**
 * Makes the function that answers a request of the bootstrap.
 * @param token - what the go line said; a request without it is refused
 * @param invoker - runs the invocations
 * @param isEnding - whether this process takes no further invocations
 * @returns the function; its promises never reject
 */
export function createRoutes(token: string, invoker: Invoker, isEnding: () => boolean): HandleRequest {
  return async ({ method, path, header, body }) => {
    if (!equalsInConstantTime(header(TOKEN_HEADER) ?? '', token)) return plain(403);
    if (method !== 'POST') return plain(404);
    // Hooks that run before the end are yet to come; until then there is nothing to wait for.
    if (path === '/shutdown') return plain(200);
    const requestId = readRequestId(path);
    if (requestId === undefined) return plain(404);
    return isEnding() ? plain(503) : invoker.invoke({ requestId, header, body });
  };
}

function readRequestId(path: string): string | undefined {
  if (!path.startsWith(INVOCATIONS_PATH) || path.length === INVOCATIONS_PATH.length) return undefined;
  const id = path.slice(INVOCATIONS_PATH.length);
  if (!id.includes('%')) return id;
  try {
    return decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

/** By hand: loading `node:crypto` for its `timingSafeEqual` costs milliseconds of every cold start. */
function equalsInConstantTime(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(index);
  }
  return difference === 0;
}

function plain(status: number): Answer {
  return { status, lines: '', body: Buffer.alloc(0) };
}
