import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type * as bunFormat from '../../../../worker/bun/bundle-format.ts';
import type * as bunCompile from '../../../../worker/bun/compile-all.ts';
import type * as bunElsewhere from '../../../../worker/bun/http-server/may-serve-elsewhere.ts';
import type * as bunStarts from '../../../../worker/bun/http-server/server-starts.ts';
import type * as bunImport from '../../../../worker/bun/import-error.ts';
import type * as bunInterpreter from '../../../../worker/bun/interpreter.ts';
import type * as bunListener from '../../../../worker/bun/listener.ts';
import type * as denoFormat from '../../../../worker/deno/bundle-format.ts';
import type * as denoEnd from '../../../../worker/deno/end-turn.ts';
import type * as denoStarts from '../../../../worker/deno/http-server/server-starts.ts';
import type * as denoImport from '../../../../worker/deno/import-error.ts';
import type * as denoInterpreter from '../../../../worker/deno/interpreter.ts';
import type * as denoStat from '../../../../worker/deno/stat-descriptor.ts';
import type * as denoStdin from '../../../../worker/deno/stdin.ts';
import type * as denoWrite from '../../../../worker/deno/write-whole.ts';
import type * as format from '../../../../worker/node/bundle-format.ts';
import type * as cache from '../../../../worker/node/code-cache.ts';
import type * as compile from '../../../../worker/node/compile-all.ts';
import type * as end from '../../../../worker/node/end-turn.ts';
import type * as report from '../../../../worker/node/fatal-report.ts';
import type * as hold from '../../../../worker/node/hold-loop.ts';
import type * as elsewhere from '../../../../worker/node/http-server/may-serve-elsewhere.ts';
import type * as starts from '../../../../worker/node/http-server/server-starts.ts';
import type * as importError from '../../../../worker/node/import-error.ts';
import type * as interpreter from '../../../../worker/node/interpreter.ts';
import type * as listener from '../../../../worker/node/listener.ts';
import type * as stat from '../../../../worker/node/stat-descriptor.ts';
import type * as stdin from '../../../../worker/node/stdin.ts';
import type * as write from '../../../../worker/node/write-whole.ts';
import type * as likeCache from '../../../../worker/node-like/code-cache.ts';
import type * as likeReport from '../../../../worker/node-like/fatal-report.ts';
import type * as likeHold from '../../../../worker/node-like/hold-loop.ts';

const WORKER = join(import.meta.dirname, '../../../../worker');

/** What others of the host import of a part; a part may have more for those that replace it. */
type Replaces<Part, Replaced, Names extends keyof Part & keyof Replaced> =
  Pick<Part, Names> extends Pick<Replaced, Names> ? true : never;

/** No part that replaces another is called otherwise than that one: the compiler finds it here. */
export const FITS: readonly true[] = [
  true satisfies Replaces<typeof denoFormat, typeof format, 'importBundle'>,
  true satisfies Replaces<typeof bunFormat, typeof format, 'importBundle'>,
  true satisfies Replaces<typeof denoStarts, typeof starts, 'watchStarts'>,
  true satisfies Replaces<typeof bunStarts, typeof starts, 'watchStarts'>,
  true satisfies Replaces<typeof bunElsewhere, typeof elsewhere, 'mayServeElsewhere'>,
  true satisfies Replaces<typeof denoImport, typeof importError, 'explainImportError'>,
  true satisfies Replaces<typeof bunImport, typeof importError, 'explainImportError'>,
  true satisfies Replaces<typeof denoInterpreter, typeof interpreter, 'INTERPRETER'>,
  true satisfies Replaces<typeof bunInterpreter, typeof interpreter, 'INTERPRETER'>,
  true satisfies Replaces<typeof bunCompile, typeof compile, 'compileAll'>,
  true satisfies Replaces<typeof denoEnd, typeof end, 'endTurn'>,
  true satisfies Replaces<typeof bunListener, typeof listener, 'createListener'>,
  true satisfies Replaces<typeof denoStat, typeof stat, 'statDescriptor'>,
  true satisfies Replaces<typeof denoStdin, typeof stdin, 'takeStdin'>,
  true satisfies Replaces<typeof denoWrite, typeof write, 'writeWhole'>,
  true satisfies Replaces<typeof likeCache, typeof cache, 'useCodeCache'>,
  true satisfies Replaces<typeof likeReport, typeof report, 'prepareFatalReport'>,
  true satisfies Replaces<typeof likeHold, typeof hold, 'holdLoop'>,
];

for (const folder of ['deno', 'bun', 'node-like']) {
  test(`every file of worker/${folder} takes the place of one of the Node host`, () => {
    const files = globSync('**/*.ts', { cwd: join(WORKER, folder) });
    assert.notEqual(files.length, 0);
    assert.deepEqual(
      files.filter((file) => !existsSync(join(WORKER, 'node', file))),
      [],
    );
  });
}

test('every file that replaces another is held to its types', () => {
  const files = ['deno', 'bun', 'node-like'].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: WORKER }),
  );
  assert.equal(FITS.length, files.length);
});
