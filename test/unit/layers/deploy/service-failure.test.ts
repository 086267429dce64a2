import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { clientSettings } from '../../../../layers/deploy/clients.ts';
import { serviceFailure } from '../../../../layers/deploy/service-failure.ts';
import { ToolError } from '../../../../runtime/cli/tool-error.ts';

const settings = clientSettings({
  endpoint: 'http://127.0.0.1:1',
  region: undefined,
  profile: undefined,
  shell: {},
});

test('serviceFailure() tells a server that is not there from one that does not know a call', async () => {
  const client = new LambdaClient({ ...settings, maxAttempts: 1 });
  const error = await client.send(new ListFunctionsCommand({})).catch((caught: unknown) => caught);
  const { code, message, next } = serviceFailure('deploy "shop"', error, settings);
  assert.equal(code, 'CANNOT');
  assert.equal(message, 'Cannot deploy "shop": nothing answers at "http://127.0.0.1:1"');
  assert.match(next ?? '', /pilotlight dev/);

  const unknown = Object.assign(new Error('no such call'), {
    name: 'UnknownOperationException',
    $metadata: { httpStatusCode: 404 },
  });
  assert.match(serviceFailure('prune', unknown, settings).message, /does not know a call .*HTTP 404/);
});

test('serviceFailure() leaves what says enough as it is, and names the rest', () => {
  const own = new ToolError('FOUND', 'Cannot do this');
  assert.equal(serviceFailure('deploy', own, settings), own);
  const denied = Object.assign(new Error('not for you'), { name: 'AccessDeniedException' });
  assert.equal(
    serviceFailure('prune', denied, settings).message,
    'Cannot prune: AccessDeniedException: not for you',
  );
  const none = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
  assert.match(serviceFailure('deploy', none, settings).next ?? '', /--profile/);
});
