import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { candidateLayers } from '../../bench/candidates/candidate-layers.ts';
import { GROUPS } from '../../conformance/cases/all-groups.ts';
import { judge } from '../../conformance/judge.ts';
import { pilotlightSubject } from '../../conformance/subjects/pilotlight.ts';
import { useLayers } from '../../helpers/built-layers.ts';
import { useTmp } from '../../helpers/use-tmp.ts';

/** What hangs on the host: the bootstrap is the same for all of them, and judged on Node. */
const OF_THE_HOST = ['function errors', 'trailers and streaming', 'SnapStart', 'internal extension'];

suite('pilotlight before the conformance kit', () => {
  for (const [http, unsupported] of [
    ['native', []],
    ['undici', ['frame-interim-100']],
  ] as const) {
    test(`the bootstrap passes every case with PILOTLIGHT_HTTP=${http}`, async (t) => {
      const { interpreter, runtime } = await useLayers();
      const layers = candidateLayers({ interpreters: [interpreter], runtime }, useTmp(t), t.signal);
      const { results } = await judge(pilotlightSubject(layers, { http }), GROUPS, { signal: t.signal });
      const failed = results.filter(({ verdict }) => verdict === 'fail');
      assert.deepEqual(
        failed.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
        [],
      );
      const others = results.filter(({ verdict }) => verdict === 'not supported').map(({ name }) => name);
      assert.deepEqual(others, unsupported);
    });
  }

  for (const interpreter of ['deno', 'bun']) {
    test(`workers on ${interpreter} pass every case that hangs on them`, async (t) => {
      const node = await useLayers();
      const interpreters = [node.interpreter, (await useLayers(interpreter)).interpreter];
      const layers = candidateLayers({ interpreters, runtime: node.runtime }, useTmp(t), t.signal);
      const groups = GROUPS.filter(({ name }) => OF_THE_HOST.includes(name));
      const { results } = await judge(pilotlightSubject(layers, { interpreter }), groups, {
        signal: t.signal,
      });
      const failed = results.filter(({ verdict }) => verdict !== 'pass');
      assert.deepEqual(
        failed.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
        [],
      );
    });
  }
});
