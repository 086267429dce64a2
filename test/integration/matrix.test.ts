import assert from 'node:assert/strict';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { builder } from '../../layers/builder.ts';
import { pinnedNode } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { startCommand } from '../helpers/run-command.ts';
import { useTmp } from '../helpers/use-tmp.ts';
import type { MatrixCandidate } from '../matrix/candidates.ts';
import { observeCandidates } from '../matrix/compare-candidates.ts';
import { differencesOf, type Observations } from '../matrix/differences.ts';
import { PROBES } from '../matrix/probes.ts';
import type { MatrixResult } from '../matrix/result.ts';

const PROJECT = join(import.meta.dirname, '../..');
const DIST = join(PROJECT, 'dist');
const BUNDLE = join(PROJECT, 'test/matrix/bundle');
const PLANTED = join(PROJECT, 'test/fixtures/matrix/planted.mjs');
/** What the planted bundle changes, in the order of the probes. */
const CHANGED = [
  ['answers', 'numbers'],
  ['context', 'all of it'],
  ['logs', 'several lines'],
  ['errors', 'own class'],
  ['streams', 'prelude'],
];
const UNCHANGED = ['echo of nested', 'throws', 'text', 'JSON: text', 'chunks'];

test('the matrix finds a difference planted in each of the five things it compares, and no other', async (t) => {
  const folder = useTmp(t);
  const bundle = join(folder, 'bundle');
  cpSync(BUNDLE, bundle, { recursive: true });
  renameSync(join(bundle, 'function.bundle.mjs'), join(bundle, 'real.mjs'));
  cpSync(PLANTED, join(bundle, 'function.bundle.mjs'));
  const candidates = ['off', 'on'].map(
    (planted): MatrixCandidate => ({
      name: planted,
      layers: ['node'],
      mode: 'persistent',
      variables: { PLANTED: planted },
      runs: 'bundle',
      language: 'javascript',
    }),
  );
  const wanted = new Set([...CHANGED.map(([, name]) => name), ...UNCHANGED]);
  const [untouched, touched] = await observeCandidates(candidates, {
    builder,
    dist: DIST,
    folder,
    bundle,
    probes: PROBES.filter(({ name }) => wanted.has(name)),
    signal: t.signal,
    note: () => {},
  });
  const found = differencesOf(untouched as Observations, touched as Observations);
  assert.deepEqual(
    found.map(({ aspect, probe }) => [aspect, probe]),
    CHANGED,
  );
});

test(
  'the quick matrix finds all workers alike, measures them and prints the result as JSON',
  needs('php-layer', 'node26-layer', 'crystal'),
  async (t) => {
    const command = [pinnedNode(), 'test/matrix/cli.ts', '--quick', '--json'] as const;
    const { PATH, HOME, TMPDIR } = process.env;
    const { result } = startCommand(t, command, { cwd: PROJECT, env: { PATH, HOME, TMPDIR } });
    const { code, stdout, stderr } = await result;
    const matrix = JSON.parse(stdout || '{}') as MatrixResult;
    const unexpected = matrix.differences?.filter(({ reason }) => reason === undefined);
    assert.deepEqual(unexpected, [], stderr);
    assert.equal(code, 0, stderr);
    const measured = new Set(matrix.scenarios.flatMap(({ runs }) => runs.map(({ candidate }) => candidate)));
    assert.deepEqual([...measured].sort(), matrix.candidates.map(({ name }) => name).sort());
  },
);
