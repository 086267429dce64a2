import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastLines } from '../../../../worker/node/logging/last-lines.ts';
import { startHost } from './start-host.ts';

test('LastLines keeps the last 20 lines, and gives an invocation its own', () => {
  const lines = new LastLines();
  assert.deepEqual(lines.of('b'), []);
  for (let number = 1; number <= 30; number++) lines.add(number % 2 === 0 ? 'a' : 'b', `line ${number}`);
  assert.deepEqual(
    lines.of('b'),
    [11, 13, 15, 17, 19, 21, 23, 25, 27, 29].map((number) => `line ${number}`),
  );
  lines.add('c', 'x'.repeat(10_000));
  assert.equal(lines.of('c')[0]?.length, 2_000);
  lines.add('d', Array.from({ length: 30 }, (_, number) => number).join('\n'));
  assert.deepEqual([lines.of('d').length, lines.of('d').at(-1)], [20, '29']);
});

for (const [end, code] of [
  ['process.exit(7)', 7],
  ['process.abort()', null],
] as const) {
  test(`host says at ${end} what its invocation wrote to the log, and its peak memory`, async (t) => {
    const host = await startHost(t, {
      'function.bundle.js': `export const handler = (event) => {
        console.log('of', event);
        if (event.ends) { console.warn('multi\\nline'); ${end}; }
      };`,
    });
    await host.send('POST', '/invocations/a', { 'pilotlight-token': host.token }, '{"other":true}');
    host.open('{"ends":true}');
    const exit = await host.exit;
    assert.equal(exit.code, code);
    const last = JSON.parse(exit.lines.trim().split('\n').at(-1) ?? '');
    assert.partialDeepStrictEqual(last, { kind: 'last', requestId: 'lost' });
    assert.deepEqual(
      last.log.map((line: string) => line.split('\t').at(-1)),
      ['of { ends: true }', 'multi', 'line'],
    );
    assert.ok(last.peakMemoryBytes > 20_000_000 && last.peakMemoryBytes < 500_000_000, last.peakMemoryBytes);
  });
}

test('host answers each invocation with the id of its path', async (t) => {
  const host = await startHost(t, { 'function.bundle.js': 'export const handler = () => 1;' });
  for (const id of ['a-1', 'a%2Fb%20c']) {
    const { headers } = await host.send('POST', `/invocations/${id}`, { 'pilotlight-token': host.token });
    assert.equal(headers['lambda-runtime-aws-request-id'], id);
  }
});
