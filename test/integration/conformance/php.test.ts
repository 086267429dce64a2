import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { LANGUAGES } from '../../conformance/subjects/language.ts';
import { pilotlightSubject } from '../../conformance/subjects/pilotlight.ts';
import { needs } from '../../helpers/needs.ts';
import { phpLayers } from '../../helpers/php-layers.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

/** Those in which it matters what the worker is written in; the others judge the bootstrap alone. */
const OF_WORKERS = new Set([
  'headers in',
  'odd JSON',
  'unicode',
  'function errors',
  'trailers and streaming',
  'env',
  'trace id',
  'init errors',
  'log lines',
  'log format JSON',
  'SnapStart',
]);

test(
  'the bootstrap with a worker in PHP passes every case but for the declared gaps',
  needs('php-layer'),
  async (t) => {
    const all = await phpLayers();
    const layers = candidateLayers(
      { interpreters: all.slice(0, -1), runtime: all.at(-1) as string },
      useTmp(t),
      t.signal,
    );
    const groups = GROUPS.filter(({ name }) => OF_WORKERS.has(name));
    assert.equal(groups.length, OF_WORKERS.size);
    const { results } = await judge(pilotlightSubject(layers, { interpreter: 'php' }), groups, {
      signal: t.signal,
    });
    const failed = results.filter(({ verdict }) => verdict === 'fail');
    assert.deepEqual(
      failed.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
      [],
    );
    const gaps = new Set(Object.keys(LANGUAGES['php-worker']?.without ?? {}));
    const left = results.filter(({ verdict }) => verdict === 'not supported');
    assert.ok(left.every(({ reason }) => [...gaps].some((gap) => reason?.startsWith(`${gap}:`))));
    assert.ok(left.length * 10 < results.length, `${left.length} of ${results.length} are gaps`);
  },
);
