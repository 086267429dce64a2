import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { compileCrystal } from '../../layers/build/crystal-program.ts';
import { candidateLayers } from '../bench/candidates/candidate-layers.ts';
import { GROUPS } from '../conformance/cases/all-groups.ts';
import { judge } from '../conformance/judge.ts';
import { pilotlightSubject } from '../conformance/subjects/pilotlight.ts';
import { CRYSTAL_COMPILER } from '../helpers/clients.ts';
import { needs } from '../helpers/needs.ts';
import { useLayers, useLocalLambda } from '../helpers/use-local-lambda.ts';
import { useTmp } from '../helpers/use-tmp.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Those groups of the kit that are the worker's business; the others judge the bootstrap, which is the same for all. */
const OF_WORKERS = [
  'function errors',
  'init errors',
  'log format JSON',
  'log frames',
  'log lines',
  'odd JSON',
  'trailers and streaming',
  'SnapStart',
];

suite('the Crystal shard', () => {
  test('passes its own specs', needs('crystal'), async () => {
    const options = { cwd: join(PROJECT, 'worker/crystal') };
    const { stdout } = await execa(CRYSTAL_COMPILER, ['spec', '-Dwithout_openssl', '--no-color'], options);
    assert.match(stdout, /, 0 failures, 0 errors, 0 pending/);
  });

  test('passes the conformance kit but for the declared gaps', needs('kit-crystal'), async (t) => {
    const { interpreter, runtime } = await useLayers();
    const layers = candidateLayers({ interpreters: [interpreter], runtime }, useTmp(t), t.signal);
    const groups = GROUPS.filter(({ name }) => OF_WORKERS.includes(name));
    assert.equal(groups.length, OF_WORKERS.length);
    const subject = pilotlightSubject(layers, { language: 'crystal' });
    const { results } = await judge(subject, groups, { signal: t.signal });
    const failed = results.filter(({ verdict }) => verdict === 'fail');
    assert.deepEqual(
      failed.map(({ name, reason, observed }) => `${name}: ${reason}\n${observed}`),
      [],
    );
    const others = results.filter(({ verdict }) => verdict === 'not supported').map(({ name }) => name);
    assert.deepEqual(others.sort(), ['error-reject', 'error-value', 'init-no-handler']);
  });

  test(
    'hello-crystal greets without an interpreter layer for it, also as a process for each event',
    needs('crystal'),
    async (t) => {
      const content = await compileCrystal(join(PROJECT, 'function/hello-crystal'), 'function.cr', {
        release: false,
      });
      const entries = [{ path: 'function.bundle', content, executable: true }];
      const settings = { environment: { PILOTLIGHT_MODE: 'process' } };
      const { call, lines } = await useLocalLambda(t, { hello: { entries }, once: { entries, settings } });
      const { value, requestId } = await call('hello', { name: 'Ada' });
      assert.deepEqual(value, { greeting: 'Hello, Ada', requestId });
      assert.ok(
        lines.some((line) => line.includes(`\t${requestId}\tINFO\tgreets Ada`)),
        lines.join('\n'),
      );
      const alone = await call('once', { name: 'Bo' });
      assert.deepEqual(alone.value, { greeting: 'Hello, Bo', requestId: alone.requestId });
      for (const name of ['hello', 'once']) {
        const { errorType, errorMessage } = (await call(name, { name: 1 })).value as Record<string, string>;
        assert.equal(errorType, 'Runtime.UnmarshalError');
        assert.match(errorMessage ?? '', /Caller#name/);
      }
    },
  );

  test('does not compile what is wrong: the compiler says where', needs('crystal'), async (t) => {
    const folder = useTmp(t);
    writeFileSync(join(folder, 'function.cr'), 'require "pilotlight"\nPilotlight.handel { nil }\n');
    await assert.rejects(compileCrystal(folder, 'function.cr', { release: false }), {
      code: 'BUILD_FAILED',
      message: /function\.cr:2:12\n(?:.*\n)*?.*undefined method 'handel'/,
    });
  });
});
