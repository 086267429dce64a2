import { after, before } from 'node:test';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  LambdaClient,
  LambdaServiceException,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import {
  type LocalLambda,
  type LocalLambdaOptions,
  startLocalLambda,
} from '../../runtime/emulator/local-lambda.ts';
import { makeCodeZip } from './code-zip.ts';
import { useTmp } from './use-tmp.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/some';

/**
 * Starts a local Lambda without functions for all tests of a `describe`, and a client of AWS's for it.
 *
 * @param options of the local Lambda
 */
export function useControl(options: Partial<LocalLambdaOptions> = {}) {
  const folder = useTmp({ after });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  let lambda: LocalLambda | undefined;
  let client: LambdaClient | undefined;
  const lines: string[] = [];
  before(async () => {
    const log = (line: string) => void lines.push(line);
    lambda = await startLocalLambda({ functions: [], isolation: 'paths', log, ...options });
    client = new LambdaClient({ endpoint: lambda.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  });
  after(async () => {
    client?.destroy();
    await lambda?.stop();
  });
  const started = () => {
    if (lambda === undefined || client === undefined) throw new Error('Nothing is there before the tests');
    return { lambda, client };
  };
  const waiter = () => ({ client: started().client, maxWaitTime: 20, minDelay: 0.02, maxDelay: 0.05 });
  const zip = async (code: string) => (await makeCodeZip(folder, code)).bytes;
  return {
    lines,
    folder,
    zip,
    get client() {
      return started().client;
    },
    get lambda() {
      return started().lambda;
    },
    /** Makes a function whose code is `1`, and waits for it. */
    async create(FunctionName: string, input: Partial<CreateFunctionCommandInput> = {}) {
      const configuration = await started().client.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'provided.al2023',
          Role: ROLE,
          Handler: 'ok',
          Timeout: 20,
          Code: { ZipFile: await zip('1') },
          ...input,
        }),
      );
      await waitUntilFunctionActiveV2(waiter(), { FunctionName });
      return configuration;
    },
    updated: (FunctionName: string) => waitUntilFunctionUpdatedV2(waiter(), { FunctionName }),
    /** Asks a function what its code is, and the API which version that was. */
    async ask(FunctionName: string, Qualifier?: string) {
      const Payload = '{"do":"variables"}';
      const answer = await started().client.send(new InvokeCommand({ FunctionName, Qualifier, Payload }));
      const variables = JSON.parse(answer.Payload?.transformToString() ?? '');
      return { code: variables.CODE, executed: answer.ExecutedVersion, variables };
    },
  };
}

/** What a call is refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ name: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    return { name: error.name, status: error.$metadata.httpStatusCode ?? 0, message: error.message };
  }
  throw new Error('Nothing was refused');
}
