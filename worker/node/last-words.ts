import { readFileSync } from 'node:fs';
import type { LastLine } from '../protocol.ts';
import { writeLine } from './lines.ts';
import type { Logger } from './logging/logger.ts';

/**
 * Has this process say at its end what nobody can ask it afterwards. `abort()` runs no listeners, so it is wrapped; a
 * signal and a full heap leave no time for words.
 * @param logger - has the last lines
 */
export function offerLastWords(logger: Logger): void {
  const say = (): void => {
    const { requestId, lines } = logger.last();
    try {
      writeLine({ kind: 'last', requestId, log: lines, peakMemoryBytes: peakMemoryBytes() });
    } catch {
      // The bootstrap is gone.
    }
  };
  process.on('exit', say);
  const { abort } = process;
  process.abort = () => {
    say();
    return abort.call(process);
  };
}

/** Not `process.resourceUsage()`, which counts what the bootstrap had in memory when it started this process. */
function peakMemoryBytes(): LastLine['peakMemoryBytes'] {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return Number(kib ?? 0) * 1024;
}
