import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFaults } from '../../../../runtime/emulator/faults/parse-faults.ts';

test('parseFaults() reads kinds with their chances and figures', () => {
  assert.deepEqual(
    parseFaults('kill=0.1, reset=1,delay=.5:300ms,freeze=0:20,full-tmp=0.25:64kb,slow-init=0.5'),
    {
      kill: { chance: 0.1, figure: 0 },
      reset: { chance: 1, figure: 0 },
      delay: { chance: 0.5, figure: 300 },
      freeze: { chance: 0, figure: 20 },
      'full-tmp': { chance: 0.25, figure: 64 },
      'slow-init': { chance: 0.5, figure: 2000 },
    },
  );
});

for (const [text, wanted] of [
  ['', /expected one of kill, reset, delay/],
  ['crash=0.1', /"crash=0\.1", expected one of kill/],
  ['constructor=1', /expected one of kill/],
  ['kill', /expected one of kill/],
  ['kill=2', /expected one of kill/],
  ['kill=-0.1', /expected one of kill/],
  ['kill=0.1:5', /expected a chance alone for "kill"/],
  ['delay=0.1:5kb', /expected ms for "delay"/],
  ['full-tmp=0.1:5ms', /expected kb for "full-tmp"/],
  ['kill=0.1,kill=0.2', /expected each kind once/],
  ['kill=0.1,', /Cannot use --faults ""/],
] as const) {
  test(`parseFaults() refuses "${text}"`, () => {
    assert.throws(() => parseFaults(text), { code: 'USAGE', message: wanted });
  });
}
