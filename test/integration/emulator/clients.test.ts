import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { execa } from 'execa';
import { AWS_CLI, INVOKE_SCRIPT, PYTHON } from '../../helpers/clients.ts';
import { needs } from '../../helpers/needs.ts';
import { useSharedLambda } from '../../unit/emulator/use-lambda.ts';

/** What a client made of an answer, or of an error of the service. */
interface ClientAnswer {
  readonly functionError?: string | null | undefined;
  readonly executedVersion?: string | null | undefined;
  readonly payload?: string | undefined;
  readonly log?: string | null | undefined;
  readonly errorCode?: string | undefined;
  readonly message?: string | undefined;
}

type Client = (endpointUrl: string, functionName: string, payload: string) => Promise<ClientAnswer>;

const clean = { extendEnv: false, env: { PATH: '/usr/bin:/bin' } } as const;

const sdk: Client = async (endpoint, FunctionName, Payload) => {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint, region: 'eu-central-1', credentials });
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload, LogType: 'Tail' }));
    return {
      functionError: answer.FunctionError,
      executedVersion: answer.ExecutedVersion,
      payload: answer.Payload?.transformToString(),
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    };
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    return { errorCode: error.name, message: error.message };
  } finally {
    client.destroy();
  }
};

const boto3: Client = async (endpointUrl, functionName, payload) => {
  const input = JSON.stringify({ endpointUrl, functionName, payload, logType: 'Tail' });
  const { stdout } = await execa(PYTHON, [INVOKE_SCRIPT], { ...clean, input });
  return JSON.parse(stdout);
};

const awsCli: Client = async (endpointUrl, functionName, payload) => {
  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-test-'));
  try {
    const out = join(folder, 'answer');
    const { exitCode, stdout, stderr } = await execa(
      AWS_CLI,
      [
        ...[
          'lambda',
          'invoke',
          '--endpoint-url',
          endpointUrl,
          '--region',
          'eu-central-1',
          '--no-sign-request',
        ],
        ...['--function-name', functionName, '--payload', payload, '--log-type', 'Tail'],
        ...['--cli-binary-format', 'raw-in-base64-out', '--output', 'json', out],
      ],
      { ...clean, reject: false },
    );
    if (exitCode !== 0) {
      const [, errorCode, message] = /\((\w+)\).* operation: (.*)/.exec(stderr) ?? [];
      return { errorCode, message };
    }
    const printed = JSON.parse(stdout);
    return {
      functionError: printed.FunctionError,
      executedVersion: printed.ExecutedVersion,
      payload: await readFile(out, 'utf8'),
      log: Buffer.from(printed.LogResult, 'base64').toString(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};

for (const [name, client, options] of [
  ['@aws-sdk/client-lambda', sdk, {}],
  ['boto3', boto3, needs('boto3')],
  ['the AWS CLI', awsCli, needs('aws')],
] as const) {
  describe(`${name} at the local Lambda`, options, () => {
    const shared = useSharedLambda({}, { timeoutS: 2 });
    const invoke = (event: object) => client(shared.lambda.url, 'acts', JSON.stringify(event));

    test(`${name} reads a result, its version and the log`, async () => {
      const answer = await invoke({ do: 'log', lines: ['hello'] });
      assert.equal(answer.payload, 'null');
      assert.equal(answer.functionError ?? undefined, undefined);
      assert.equal(answer.executedVersion, '$LATEST');
      assert.match(answer.log ?? '', /START [\s\S]*\nhello\n[\s\S]*\nREPORT .*\n$/);
    });

    test(`${name} tells a function error from a result`, async () => {
      const answer = await invoke({ do: 'fail' });
      assert.equal(answer.functionError, 'Unhandled');
      assert.equal(JSON.parse(answer.payload ?? '').errorType, 'BadLuck');
    });

    test(`${name} reads a timeout as a function error`, async () => {
      const answer = await invoke({ do: 'hang' });
      assert.equal(answer.functionError, 'Unhandled');
      assert.match(JSON.parse(answer.payload ?? '').errorMessage, /Task timed out after 2\.00 seconds$/);
    });

    test(`${name} names a function that is not there`, async () => {
      const answer = await client(shared.lambda.url, 'other', '{}');
      assert.equal(answer.errorCode, 'ResourceNotFoundException');
      assert.match(answer.message ?? '', /^Function not found: arn:aws:lambda:.*:function:other:\$LATEST/);
    });
  });
}
