import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_SAMPLES } from './clients.ts';

/** A file of the installed samples. */
export interface EventSample {
  /** Its path below the folder of all samples. */
  readonly name: string;
  /** Its name as a request id. */
  readonly id: string;
  readonly bytes: Buffer;
  /** What it says; undefined where it is no JSON. */
  readonly event: unknown;
}

/**
 * Reads all samples of events.
 *
 * @returns in the order of their names; none where they are not installed
 */
export function readEventSamples(): EventSample[] {
  const names = globSync('*/**/*.json', { cwd: EVENT_SAMPLES }).sort();
  return names.map((name) => {
    const bytes = readFileSync(join(EVENT_SAMPLES, name));
    return { name, id: name.replaceAll('/', '.'), bytes, event: parseJson(String(bytes)) };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
