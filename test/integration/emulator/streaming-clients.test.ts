import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { execa } from 'execa';
import { INVOKE_SCRIPT, PYTHON } from '../../helpers/clients.ts';
import { needs } from '../../helpers/needs.ts';
import { useRicLambda } from '../../helpers/use-ric-lambda.ts';
import { useSharedLambda } from '../../unit/emulator/use-lambda.ts';

const clean = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

describe('boto3 at the streams of the local Lambda', needs('boto3'), () => {
  const shared = useSharedLambda();
  const stream = async (event: object) => {
    const request = { endpointUrl: shared.lambda.url, functionName: 'acts', stream: true };
    const input = JSON.stringify({ ...request, payload: JSON.stringify(event) });
    return JSON.parse((await execa(PYTHON, [INVOKE_SCRIPT], { ...clean, input })).stdout);
  };

  test('boto3 reads the parts of a stream and its end', async () => {
    const answer = await stream({ do: 'stream', parts: [{ text: 'one' }, { text: 'zwö' }] });
    assert.deepEqual([answer.statusCode, answer.chunks.join('')], [200, 'onezwö']);
    assert.deepEqual(answer.complete, [{}]);
  });

  test('boto3 reads an error in the middle of a stream', async () => {
    const { chunks, complete } = await stream({ do: 'stream', parts: [{ text: 'one' }, { fail: 'enough' }] });
    assert.deepEqual([chunks.join(''), complete.length], ['one', 1]);
    assert.equal(complete[0].ErrorCode, 'BadLuck');
    assert.equal(JSON.parse(complete[0].ErrorDetails).errorMessage, 'enough');
  });
});

test(
  'the official Node client streams in the local Lambda, and fails in the middle',
  needs('aws-lambda-ric'),
  async (t) => {
    const lambda = await useRicLambda(t, 'index.streaming');
    const call = async (event: object) => {
      const chunks: Uint8Array[] = [];
      const types: string[] = [];
      const result = await lambda.invoke('ric', JSON.stringify(event), {
        stream: {
          begin: (contentType) => void types.push(contentType),
          write: (chunk) => void chunks.push(chunk),
        },
      });
      return { ...result, types, text: Buffer.concat(chunks).toString() };
    };
    const whole = await call({ parts: ['a', 'b'] });
    assert.deepEqual([whole.text, whole.failed, whole.types], ['ab', false, ['application/octet-stream']]);
    const broken = await call({ parts: ['a'], fail: 'as asked' });
    assert.deepEqual([broken.text, broken.failed], ['a', true]);
    assert.equal(JSON.parse(String(broken.payload)).errorMessage, 'as asked');
  },
);
