import assert from 'node:assert/strict';
import { type EventMessage, FUNCTION_ARN, withLength } from '../api/event.ts';
import type { ConformanceCase, Group } from '../case.ts';
import type { Kit } from '../kit.ts';
import { HTTP, RENDERING, RUNTIME_API } from './sources.ts';

const CLIENT_CONTEXT = JSON.stringify({
  client: {
    installation_id: 'i-1',
    app_title: 't',
    app_version_name: '1.0',
    app_version_code: '1',
    app_package_name: 'p',
  },
  custom: { k: 'v' },
  env: { platform: 'x' },
});
const IDENTITY = '{"cognitoIdentityId":"us-east-1:id","cognitoIdentityPoolId":"us-east-1:pool"}';

async function contextOf(
  kit: Kit,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, unknown>> {
  return (await kit.invoke({ body: { action: 'context' }, headers })).json as Record<string, unknown>;
}

function namesIn(name: string, what: string, change: (name: string) => string): ConformanceCase {
  return {
    name,
    clause: 'Names of headers compare without regard to case.',
    source: HTTP,
    does: `sends all names in ${what} case`,
    expects: 'an answer under the id',
    async run(kit) {
      const write = (event: EventMessage) =>
        Buffer.from(
          withLength(event)
            .toString()
            .replace(/^[\w-]+:/gm, change),
        );
      await kit.invoke({}, write);
      await kit.serves();
    },
  };
}

/** Headers of an event. */
export const headersIn: Group = {
  name: 'headers in',
  cases: [
    namesIn('headers-in-lower-case', 'lower', (name) => name.toLowerCase()),
    namesIn('headers-in-upper-case', 'upper', (name) => name.toUpperCase()),
    {
      name: 'headers-in-blanks',
      clause: 'Blanks and tabs around a value are no part of it.',
      source: HTTP,
      does: 'sends values with blanks before and behind them, and none',
      expects: 'an answer under the id without blanks',
      async run(kit) {
        await kit.invoke({}, (event) =>
          Buffer.from(
            withLength(event)
              .toString()
              .replace(/^(Lambda-[\w-]+): (.*)\r$/gm, '$1: \t $2 \t\r')
              .replace('Content-Type: ', 'Content-Type:'),
          ),
        );
        await kit.serves();
      },
    },
    {
      name: 'headers-in-fewest',
      clause: 'Headers without a value are left out; only id, deadline and ARN are certain.',
      source: RENDERING,
      does: 'sends an event with those and its type',
      expects: 'an answer, and an empty client context and identity',
      needs: ['context'],
      async run(kit) {
        const context = await contextOf(kit, { 'Lambda-Runtime-Trace-Id': undefined });
        assert.deepEqual([context.clientContext, context.identity], [null, null]);
      },
    },
    {
      name: 'headers-in-empty',
      clause: 'On Managed Instances headers come also when they are empty, which means absent.',
      source: 'aws/aws-lambda-runtime-interface-emulator internal/lambda-managed-instances/rapi',
      does: 'sends client context, identity and tenant empty',
      expects: 'a result, no error about JSON',
      needs: ['context'],
      async run(kit) {
        const context = await contextOf(kit, {
          'Lambda-Runtime-Client-Context': '',
          'Lambda-Runtime-Cognito-Identity': '',
          'Lambda-Runtime-Aws-Tenant-Id': '',
        });
        assert.equal(typeof context.requestId, 'string');
      },
    },
    {
      name: 'headers-in-unknown',
      clause: 'Headers that a runtime does not know are ignored.',
      source: HTTP,
      does: 'sends 40 of them',
      expects: 'an answer as ever',
      async run(kit) {
        const headers = Object.fromEntries(
          Array.from({ length: 40 }, (_, index) => [`Lambda-Runtime-New-${index}`, `value ${index}`]),
        );
        await kit.invoke({ headers });
        await kit.serves();
      },
    },
    {
      name: 'headers-in-id-and-arn',
      clause: 'Request id and ARN of the invocation are handed to the function, the ARN with its qualifier.',
      source: RUNTIME_API,
      does: 'sends an ARN with an alias',
      expects: 'both in the context',
      needs: ['context'],
      async run(kit) {
        const arn = `${FUNCTION_ARN}:live`;
        const answer = await kit.invoke({
          body: { action: 'context' },
          headers: { 'Lambda-Runtime-Invoked-Function-Arn': arn },
        });
        const context = answer.json as Record<string, unknown>;
        assert.equal(context.functionArn, arn);
        assert.equal(context.requestId, answer.path.split('/')[4]);
      },
    },
    {
      name: 'headers-in-client-context',
      clause: 'The client context is JSON and reaches the function.',
      source: RUNTIME_API,
      does: 'sends one',
      expects: 'its members in the context',
      needs: ['context'],
      async run(kit) {
        const { clientContext } = await contextOf(kit, { 'Lambda-Runtime-Client-Context': CLIENT_CONTEXT });
        assert.match(JSON.stringify(clientContext), /i-1.*"k":"v"|"k":"v".*i-1/);
      },
    },
    {
      name: 'headers-in-identity',
      clause: 'The Cognito identity is JSON and reaches the function.',
      source: RUNTIME_API,
      does: 'sends one',
      expects: 'its ids in the context',
      needs: ['context'],
      async run(kit) {
        const { identity } = await contextOf(kit, { 'Lambda-Runtime-Cognito-Identity': IDENTITY });
        assert.match(JSON.stringify(identity), /us-east-1:id/);
      },
    },
    {
      name: 'headers-in-tenant',
      clause: 'The tenant of a tenant-isolated function reaches the function.',
      source: RUNTIME_API,
      does: 'sends a tenant id',
      expects: 'it in the context',
      needs: ['context'],
      async run(kit) {
        const { tenantId } = await contextOf(kit, { 'Lambda-Runtime-Aws-Tenant-Id': 'tenant-7' });
        assert.equal(tenantId, 'tenant-7');
      },
    },
    {
      name: 'headers-in-non-ascii',
      clause: 'Values may hold bytes beyond ASCII, as a client context in UTF-8 does.',
      source: 'aws/aws-lambda-web-adapter issue 732',
      does: 'sends such a client context',
      expects: 'exactly one answer, and service as before',
      proof: 'aws/aws-lambda-rust-runtime issue 786: such headers come',
      async run(kit) {
        const answer = await kit.ask({
          headers: { 'Lambda-Runtime-Client-Context': '{"custom":{"name":"Grüße 🔥"}}' },
        });
        answer.accept();
        await kit.serves();
      },
    },
    {
      name: 'headers-in-large',
      clause: 'A client context may be thousands of bytes long.',
      source: 'AWS Lambda API Reference, "Invoke"',
      does: 'sends one of 3,583 bytes',
      expects: 'an answer as ever',
      async run(kit) {
        const padding = 'x'.repeat(3_583 - '{"custom":{"k":""}}'.length);
        await kit.invoke({ headers: { 'Lambda-Runtime-Client-Context': `{"custom":{"k":"${padding}"}}` } });
        await kit.serves();
      },
    },
  ],
};
