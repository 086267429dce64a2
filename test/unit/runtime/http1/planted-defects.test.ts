import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFraming } from '../../../helpers/framing-copy.ts';
import { checkFraming } from './check-framing.ts';
import { DEFECTS } from './planted-defects.ts';

test('checkFraming() finds nothing in the framing as it is', async (t) => {
  await checkFraming(t, await loadFraming(t));
});

for (const defect of DEFECTS) {
  test(`checkFraming() finds a planted defect: ${defect.name} (${defect.file})`, async (t) => {
    const framing = await loadFraming(t, defect);
    await assert.rejects(checkFraming(t, framing));
  });
}
