import type { CreateHttpClient } from './http-client.ts';
import { createNativeClient } from './native-client.ts';

/**
 * Loads who speaks HTTP. Ours is there from the beginning; undici takes as long to load as Node to start.
 *
 * @param kind the user's choice
 * @param stampsFile gets the times at which each invocation passed, where they are wanted
 */
export async function loadTransport(
  kind: 'native' | 'undici',
  stampsFile: string | undefined,
): Promise<CreateHttpClient> {
  const createClient =
    kind === 'native' ? createNativeClient : (await import('./undici-client.ts')).createUndiciClient;
  if (stampsFile === undefined) return createClient;
  return (await import('./stamps.ts')).stampTransport(createClient, stampsFile);
}
