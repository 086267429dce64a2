import { closeSync, readFileSync } from 'node:fs';
import type { Variables } from './config.ts';

/** Names the descriptor on which `bootstrap.sh` hands over what must not be seen in `/proc/PID/environ`. */
const HANDED_VARIABLE = 'PILOTLIGHT_HANDED';

/**
 * Adds the variables that the shell handed over on a descriptor, and closes it. Started without the shell, all
 * variables are in the environment.
 *
 * @param variables the environment's
 * @returns a copy with all of them
 */
export function addHandedVariables(variables: Variables): Variables {
  const all: Record<string, string | undefined> = { ...variables };
  const named = all[HANDED_VARIABLE];
  if (named === undefined) return all;
  delete all[HANDED_VARIABLE];
  const text = readFileSync(`/proc/self/fd/${named}`, 'utf8');
  // Deno's `node:fs` numbers files in a way of its own; what stays open there is an empty pipe.
  if (process.versions.deno === undefined) closeSync(Number(named));
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    // The shell names those that are not set, too.
    if (equals > 0 && equals < line.length - 1) all[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return all;
}
