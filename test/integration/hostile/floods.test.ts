import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useHostile } from './hostile-suite.ts';

/** Far below what is written: V8 lets buffers go once there are 64 MB of them. */
const MAX_GROWTH_MB = 96;

const FLOODS = [
  { what: 'standard output', descriptor: 1, text: 'x' },
  { what: 'standard error', descriptor: 2, text: 'x' },
  { what: 'standard error, in long lines', descriptor: 2, text: `${'x'.repeat(999)}\n` },
  { what: 'its lines to the bootstrap, in one', descriptor: 3, text: 'x' },
  { what: 'its lines to the bootstrap, in many', descriptor: 3, text: `{"kind":"${'x'.repeat(987)}"}\n` },
];

describe('a bundle that floods the bootstrap changes no other answer', () => {
  const hostile = useHostile('floods.mjs', { timeoutS: 60, memoryMiB: 512 });

  for (const { what, descriptor, text } of FLOODS) {
    test(`300 MB on ${what} do not grow the bootstrap (harmless)`, async () => {
      const { value } = await hostile.act({ descriptor, text, megabytes: 300 });
      const { grownMb } = value as { grownMb: number };
      assert.ok(grownMb < MAX_GROWTH_MB, `grown by ${grownMb} MB`);
    });
  }
});
