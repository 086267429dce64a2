import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilFile } from './probe-bootstrap.ts';
import { untilStopped } from './until-stopped.ts';

/**
 * A module for the processes of an environment. On SIGUSR2 it lets every timer there be as old as if the milliseconds
 * in the file `jump` beside it had passed, and says so in a file of its own once those that are due have fired.
 */
export const TIME_PROBE = `import { createHook } from 'node:async_hooks';
  import { readFileSync, writeFileSync } from 'node:fs';
  const timers = new Map();
  createHook({
    init: (id, type, _trigger, timer) => type === 'Timeout' && timers.set(id, timer),
    destroy: (id) => timers.delete(id),
  }).enable();
  process.on('SIGUSR2', () => {
    const { ms, jump } = JSON.parse(readFileSync(import.meta.dirname + '/jump', 'utf8'));
    const lists = new Set();
    for (const timer of timers.values()) {
      // Armed timers of one duration are a ring, with the list itself, which knows when the first is due, as a link.
      let list = timer._idleNext;
      while (list && !('expiry' in list)) list = list._idleNext;
      if (!list) continue;
      timer._idleStart -= ms;
      lists.add(list);
    }
    for (const list of lists) list.expiry -= ms;
    // A new timer makes Node look at all of them; this one is due after those.
    setTimeout(() => writeFileSync(import.meta.dirname + '/jumped-' + jump + '-' + process.pid, ''), 1);
  });`;

let jumps = 0;

/**
 * Freezes processes with the probe, for a time that passes at once.
 *
 * @param pids of all processes of the environment
 * @param folder where the probe lies
 * @param ms how long they are frozen as far as their timers go, in milliseconds
 */
export async function freezeFor(pids: readonly number[], folder: string, ms: number): Promise<void> {
  jumps += 1;
  const jump = jumps;
  writeFileSync(join(folder, 'jump'), JSON.stringify({ ms, jump }));
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await Promise.all(pids.map(untilStopped));
  const jumped = Promise.all(pids.map((pid) => untilFile(folder, `jumped-${jump}-${pid}`)));
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  await jumped;
}
