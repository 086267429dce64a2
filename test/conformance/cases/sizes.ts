import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ConformanceCase, Group } from '../case.ts';
import { HANDLERS } from './sources.ts';

const LIMITS = 'AWS Lambda Developer Guide, "Lambda quotas"';
const MIB = 1024 * 1024;

function comesBack(name: string, bytes: number): ConformanceCase {
  return {
    name,
    clause: 'An event may have any size up to 6 MiB.',
    source: LIMITS,
    does: `sends a string of ${bytes} bytes`,
    expects: 'the same back',
    async run(kit) {
      const text = JSON.stringify('abcdefghij'.repeat(Math.ceil(bytes / 10)).slice(0, bytes - 2));
      const answer = await kit.invoke({ body: Buffer.from(text) });
      const digest = (data: string) => createHash('sha256').update(data).digest('hex');
      assert.equal(digest(answer.text.trim()), digest(text), 'digest of the result');
      await kit.serves();
    },
  };
}

function isAnswered(name: string, bytes: number): ConformanceCase {
  return {
    name,
    clause: 'A result may have 6 MiB and 100 bytes.',
    source: HANDLERS,
    does: `asks for ${bytes} bytes`,
    expects: 'a result of that size',
    needs: ['large'],
    async run(kit) {
      const answer = await kit.invoke({ body: { action: 'large', bytes } });
      assert.equal(answer.receivedBytes, bytes);
    },
  };
}

/** Small and large bodies. */
export const sizes: Group = {
  name: 'sizes',
  cases: [
    comesBack('size-2', 2),
    comesBack('size-64k-less-1', 65_535),
    comesBack('size-64k', 65_536),
    comesBack('size-64k-and-1', 65_537),
    comesBack('size-1m', MIB),
    comesBack('size-6m', 6 * MIB),
    isAnswered('size-result-1m', MIB),
    isAnswered('size-result-limit', 6 * MIB + 100),
    {
      name: 'size-result-over-limit',
      clause:
        'A result over the limit is refused with 413, which is the caller’s answer already: no error follows.',
      source: HANDLERS,
      does: 'refuses 6 MiB and 101 bytes with 413',
      expects: 'a poll or the end, or an error instead of the large result; never both',
      needs: ['large'],
      proof: 'brefphp/bref pull request 1483: an error after a 413 is answered 403',
      async run(kit) {
        const answer = await kit.ask({ body: { action: 'large', bytes: 6 * MIB + 101 } });
        if (answer.path.endsWith('/error')) answer.accept();
        else {
          answer.answer(413, {
            errorMessage: 'Exceeded maximum allowed payload size (6291556 bytes).',
            errorType: 'RequestEntityTooLarge',
          });
        }
        await kit.pollOrEnd();
      },
    },
  ],
};
