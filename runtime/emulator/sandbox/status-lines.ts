import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';

/** What bubblewrap, and our own script, write about the environment: a line of JSON for each. */
const LINE = z.object({
  'child-pid': z.int().positive().optional(),
  'exit-code': z.int().min(0).optional(),
});

export interface Status {
  /** Id, outside, of the environment's process 1; undefined when it ended without having told. */
  readonly initPid: Promise<number | undefined>;
  /** How the program ended, 128 + N for signal N; undefined when it could not be executed. Settles at the very end. */
  readonly exitCode: Promise<number | undefined>;
}

/**
 * Reads what is told about an environment.
 *
 * @param stream lines as `bwrap --json-status-fd` writes them
 */
export function readStatus(stream: Readable): Status {
  const initPid = Promise.withResolvers<number | undefined>();
  const exitCode = Promise.withResolvers<number | undefined>();
  createInterface(stream)
    .on('line', (line) => {
      const parsed = parseLine(line);
      if (parsed?.['child-pid'] !== undefined) initPid.resolve(parsed['child-pid']);
      if (parsed?.['exit-code'] !== undefined) exitCode.resolve(parsed['exit-code']);
    })
    .on('close', () => {
      initPid.resolve(undefined);
      exitCode.resolve(undefined);
    });
  return { initPid: initPid.promise, exitCode: exitCode.promise };
}

function parseLine(line: string): z.infer<typeof LINE> | undefined {
  try {
    return LINE.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
