import { setTimeout } from 'node:timers/promises';
import { ToolError } from '../../cli/tool-error.ts';
import type { RuntimeProcess } from '../runtime-process.ts';
import type { IsolationName } from '../sandbox/sandbox.ts';
import { createDraw } from './create-draw.ts';
import { killWorker } from './kill-worker.ts';
import type { FaultName, Faults } from './parse-faults.ts';

/** A worker is killed at some time from the event's way out up to here. */
const KILL_WITHIN_MS = 20;

/** Takes the line that says what goes wrong. */
type Say = (line: string) => void;

/** What goes wrong with one invocation. */
export interface InvocationFaults {
  /** Resolves when the event may go out. */
  readonly held: Promise<void>;
  /** Whether this time the connection breaks under the event; true once. */
  breaksOff(): boolean;
  /** The event is out: strikes the processes, in its own time. */
  strike(runtime: Pick<RuntimeProcess, 'processes' | 'freeze' | 'thaw'>): Promise<void>;
}

/** Has things go wrong on purpose, by chance, and says each. */
export interface FaultInjector {
  /** @throws {ToolError} `CANNOT` for a full `/tmp` where that is a folder like any other */
  requireIsolation(name: IsolationName): void;
  /** Before a start of a bootstrap; resolves with what its `/tmp` is to hold, if that is little, in bytes. */
  beforeInit(requestId: string, say: Say): Promise<number | undefined>;
  ofInvocation(requestId: string, say: Say): InvocationFaults;
  /** Ends what waits: the local Lambda stops. */
  stop(): void;
}

/**
 * Makes what has things go wrong in a local Lambda.
 *
 * @param faults what, and how often
 * @param seed the same seed has the same faults, for the same invocations in the same order
 */
export function createFaultInjector(faults: Faults, seed: number): FaultInjector {
  const draw = createDraw(seed);
  const stopping = new AbortController();
  const delay = (ms: number) => setTimeout(ms, undefined, { signal: stopping.signal }).catch(() => {});

  /** Drawn for each kind every time, so that one kind more changes nothing about the others. */
  function drawFigure(name: FaultName): number | undefined {
    const value = draw();
    const share = faults[name];
    return share !== undefined && value < share.chance ? share.figure : undefined;
  }

  return {
    requireIsolation(name) {
      if (faults['full-tmp'] === undefined || name !== 'paths') return;
      throw new ToolError('CANNOT', 'Cannot fill /tmp with isolation "paths", expected bwrap or userns');
    },

    async beforeInit(requestId, say) {
      const [slowMs, tmpKb] = [drawFigure('slow-init'), drawFigure('full-tmp')];
      if (tmpKb !== undefined) say(faultLine(requestId, `full-tmp: /tmp holds ${tmpKb} kB`));
      if (slowMs !== undefined) {
        say(faultLine(requestId, `slow-init: the start waits ${slowMs} ms`));
        await delay(slowMs);
      }
      return tmpKb === undefined ? undefined : tmpKb * 1024;
    },

    ofInvocation(requestId, say) {
      const [kills, resets] = [drawFigure('kill') !== undefined, drawFigure('reset') !== undefined];
      const [delayMs, freezeMs] = [drawFigure('delay'), drawFigure('freeze')];
      const killAfterMs = draw() * KILL_WITHIN_MS;
      let isBroken = !resets;
      if (delayMs !== undefined) say(faultLine(requestId, `delay: the event waits ${delayMs} ms`));
      return {
        held: delayMs === undefined ? Promise.resolve() : delay(delayMs),
        breaksOff() {
          if (isBroken) return false;
          isBroken = true;
          say(faultLine(requestId, 'reset: the connection to the Runtime API breaks under the event'));
          return true;
        },
        async strike(runtime) {
          if (freezeMs !== undefined) {
            say(faultLine(requestId, `freeze: all processes stop for ${freezeMs} ms`));
            runtime.freeze();
            await delay(freezeMs);
            runtime.thaw();
          }
          if (!kills) return;
          await delay(killAfterMs);
          if (stopping.signal.aborted) return;
          const pid = await killWorker(runtime);
          say(faultLine(requestId, pid === undefined ? 'kill: no worker is there' : `kill: worker ${pid}`));
        },
      };
    },

    stop: () => stopping.abort(),
  };
}

function faultLine(requestId: string, what: string): string {
  return `FAULT RequestId: ${requestId}\t${what}`;
}
