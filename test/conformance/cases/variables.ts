import assert from 'node:assert/strict';
import type { Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { VARIABLES } from './sources.ts';

async function read(kit: Kit, ...names: readonly string[]): Promise<Record<string, unknown>> {
  return (await kit.invoke({ body: { action: 'env', names } })).json as Record<string, unknown>;
}

/** Variables as a function sees them. */
export const variables: Group = {
  name: 'env',
  cases: [
    {
      name: 'env-function',
      clause: 'Name, version, memory and handler of the function are in its variables.',
      source: VARIABLES,
      does: 'asks the handler for them',
      expects: 'as Lambda set them',
      needs: ['env'],
      async run(kit) {
        const values = await read(
          kit,
          'AWS_LAMBDA_FUNCTION_NAME',
          'AWS_LAMBDA_FUNCTION_VERSION',
          'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
          'AWS_LAMBDA_INITIALIZATION_TYPE',
        );
        assert.deepEqual(values, {
          AWS_LAMBDA_FUNCTION_NAME: 'conformance',
          AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
          AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        });
      },
    },
    {
      name: 'env-credentials',
      clause: 'Credentials and region reach the function, where SDKs look for them.',
      source: VARIABLES,
      does: 'asks the handler for them',
      expects: 'as Lambda set them',
      needs: ['env'],
      async run(kit) {
        const names = [
          'AWS_REGION',
          'AWS_DEFAULT_REGION',
          'AWS_ACCESS_KEY_ID',
          'AWS_SECRET_ACCESS_KEY',
          'AWS_SESSION_TOKEN',
        ];
        const values = await read(kit, ...names);
        assert.equal(values.AWS_REGION, 'us-east-1');
        for (const name of names) assert.equal(typeof values[name], 'string', name);
      },
    },
    {
      name: 'env-log-stream',
      clause: 'Log group and stream reach the function.',
      source: VARIABLES,
      does: 'asks the handler for them',
      expects: 'as Lambda set them',
      needs: ['env'],
      async run(kit) {
        const values = await read(kit, 'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME');
        assert.equal(values.AWS_LAMBDA_LOG_GROUP_NAME, '/aws/lambda/conformance');
        assert.match(String(values.AWS_LAMBDA_LOG_STREAM_NAME), /\[\$LATEST\]/);
      },
    },
    {
      name: 'env-own',
      clause: 'A function’s own variables reach it as they are.',
      source: VARIABLES,
      does: 'sets some with blanks, quotes, line ends and characters beyond ASCII',
      expects: 'the same',
      needs: ['env'],
      variables: { OWN_PLAIN: 'a=b', OWN_ODD: ' "$HOME" \'x\' \\ \n zweite Zeile 🔥 ', OWN_EMPTY: '' },
      async run(kit) {
        const values = await read(kit, 'OWN_PLAIN', 'OWN_ODD', 'OWN_EMPTY');
        assert.equal(values.OWN_PLAIN, 'a=b');
        assert.equal(values.OWN_ODD, ' "$HOME" \'x\' \\ \n zweite Zeile 🔥 ');
      },
    },
    {
      name: 'env-locale',
      clause: 'LANG and TZ can be replaced by the function’s own.',
      source: VARIABLES,
      does: 'sets both',
      expects: 'the same',
      needs: ['env'],
      variables: { LANG: 'C.UTF-8', TZ: 'Europe/Berlin' },
      async run(kit) {
        assert.deepEqual(await read(kit, 'LANG', 'TZ'), { LANG: 'C.UTF-8', TZ: 'Europe/Berlin' });
      },
    },
    {
      name: 'env-stays',
      clause: 'Variables stay from one event to the next.',
      source: VARIABLES,
      does: 'asks twice',
      expects: 'the same',
      needs: ['env'],
      variables: { OWN_PLAIN: 'stays' },
      async run(kit) {
        assert.deepEqual(
          await read(kit, 'OWN_PLAIN', 'LAMBDA_TASK_ROOT'),
          await read(kit, 'OWN_PLAIN', 'LAMBDA_TASK_ROOT'),
        );
      },
    },
  ],
};
