import type { Settings } from '../config.ts';
import type { StartStamps } from '../start-stamps.ts';
import type { CreateHttpClient } from './http-client.ts';
import { createNativeClient } from './native-client.ts';

/**
 * Loads who speaks HTTP. Ours is there from the beginning; undici takes as long to load as Node to start.
 *
 * @param settings the user's choice, and which file gets the times at which each invocation passed, if any
 * @param start the times of the start, which go there too
 */
export async function loadTransport(
  { http, stampsFile }: Pick<Settings, 'http' | 'stampsFile'>,
  start: StartStamps,
): Promise<CreateHttpClient> {
  const createClient =
    http === 'native' ? createNativeClient : (await import('./undici-client.ts')).createUndiciClient;
  if (stampsFile === undefined) return createClient;
  return (await import('./stamps.ts')).stampTransport(createClient, stampsFile, start);
}
