import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerBody } from '../../../bench/driver/answer-body.ts';

const EXPECTED = Buffer.from('{"id":1}');

function differenceOf(text: string, splitAt: number): string | undefined {
  const answer = new AnswerBody(EXPECTED);
  answer.add(Buffer.from(text.slice(0, splitAt)));
  answer.add(Buffer.from(text.slice(splitAt)));
  return answer.difference()?.toString();
}

test('difference() knows an answer, whole, when it differs anywhere, wherever it is split', () => {
  for (let splitAt = 0; splitAt <= EXPECTED.length; splitAt++) {
    assert.equal(differenceOf('{"id":1}', splitAt), undefined);
    for (const other of ['{"id":2}', '["id":1}', '{"id":1', '{"id":1} ', '', '{"id": 1, "more": true}']) {
      assert.equal(differenceOf(other, splitAt), other);
    }
  }
});
