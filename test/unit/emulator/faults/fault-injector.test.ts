import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFaultInjector } from '../../../../runtime/emulator/faults/fault-injector.ts';
import { type Faults, parseFaults } from '../../../../runtime/emulator/faults/parse-faults.ts';

test('a fault injector draws the same faults for the same seed, and others for another', () => {
  const faults = parseFaults('reset=0.3');
  assert.deepEqual(drawn(faults, 7), drawn(faults, 7));
  assert.notDeepEqual(drawn(faults, 7), drawn(faults, 8));
});

test('a fault injector strikes as often as it is asked to, and says each once', () => {
  const lines = drawn(parseFaults('reset=0.3'), 1);
  assert.ok(lines.length > 240 && lines.length < 360, String(lines.length));
  assert.match(lines[0] ?? '', /^FAULT RequestId: \d+\treset: the connection to the Runtime API breaks/);
  assert.deepEqual(drawn(parseFaults('reset=0'), 1), []);
  assert.equal(drawn(parseFaults('reset=1'), 1).length, 1000);
});

test('a fault injector strikes the same invocations when another kind is asked for as well', () => {
  const alone = drawn(parseFaults('reset=0.3'), 3);
  const both = drawn(parseFaults('reset=0.3,delay=0.5:0ms'), 3);
  assert.deepEqual(
    both.filter((line) => line.includes('reset')),
    alone,
  );
});

test('a fault injector ends what waits when it stops', async () => {
  const injector = createFaultInjector(parseFaults('slow-init=1:9999999,delay=1:9999999'), 1);
  const started = injector.beforeInit('a', () => {});
  const { held } = injector.ofInvocation('a', () => {});
  injector.stop();
  await Promise.all([started, held]);
});

test('a fault injector refuses to fill a /tmp that is a folder like any other', () => {
  const injector = createFaultInjector(parseFaults('full-tmp=0.5'), 1);
  assert.throws(() => injector.requireIsolation('paths'), { code: 'CANNOT' });
  injector.requireIsolation('bwrap');
  createFaultInjector(parseFaults('kill=0.5'), 1).requireIsolation('paths');
});

/** The lines that are said of 1,000 invocations, each of which is handed out twice. */
function drawn(faults: Faults, seed: number): string[] {
  const lines: string[] = [];
  const injector = createFaultInjector(faults, seed);
  for (let id = 0; id < 1000; id++) {
    const { breaksOff } = injector.ofInvocation(String(id), (line) => lines.push(line));
    breaksOff();
    assert.equal(breaksOff(), false);
  }
  return lines;
}
