import type { CreateHttpClient } from './http-client.ts';
import { createNativeClient } from './native-client.ts';

/**
 * Loads who speaks HTTP. Ours is there from the beginning; undici takes as long to load as Node to start.
 *
 * @param kind the user's choice
 */
export async function loadTransport(kind: 'native' | 'undici'): Promise<CreateHttpClient> {
  if (kind === 'native') return createNativeClient;
  return (await import('./undici-client.ts')).createUndiciClient;
}
