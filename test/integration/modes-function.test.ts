import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { useLocalLambda } from '../helpers/use-local-lambda.ts';

const EXAMPLES = join(import.meta.dirname, '../../function');

test('examples hello-bash and hello-process greet, each event in a process of its own', async (t) => {
  const lambda = await useLocalLambda(t, {
    bash: { folder: join(EXAMPLES, 'hello-bash') },
    counter: { folder: join(EXAMPLES, 'hello-process') },
  });
  assert.deepEqual((await lambda.call('bash', { name: 'Ada' })).value, { greeting: 'Hello, Ada' });
  assert.match(lambda.lines.join('\n'), /^request [\da-f-]{36}$/m);
  assert.deepEqual((await lambda.call('bash', {})).value, { greeting: 'Hello, world' });
  for (const name of ['Ada', 'Grace'])
    assert.deepEqual((await lambda.call('counter', { name })).value, { greeting: `Hello, ${name}`, call: 1 });
});
