import { type FunctionConfiguration, GetFunctionCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { changeFunction } from './change-function.ts';
import type { DeployTools } from './deploy-tools.ts';
import { CODE_KEYS, isSameVersion, listVersions, SETTING_KEYS } from './versions.ts';

/** What a function is, and what it was before. */
export interface Earlier {
  readonly current: FunctionConfiguration;
  readonly earlier: FunctionConfiguration;
}

/**
 * Finds the version to go back to: the newest one that is older than what runs now, and differs from it. So a second
 * rollback goes one further back, not forth.
 *
 * @param client of the Lambda API
 * @param name the function's name
 * @throws {ToolError} `CANNOT` when no earlier version was published
 */
export async function findEarlier(client: LambdaClient, name: string): Promise<Earlier> {
  const { current, published } = await listVersions(client, name);
  const first = published.findIndex((version) => isSameVersion(version, current));
  const earlier = published
    .slice(0, first < 0 ? undefined : first)
    .findLast((version) => !isSameVersion(version, current));
  if (earlier !== undefined) return { current, earlier };
  throw new ToolError('CANNOT', `Cannot roll "${name}" back: no earlier version was published`, {
    next: 'deploy the wanted version from its sources',
  });
}

/**
 * Makes a function what it was before.
 *
 * @param name the function's name
 * @param found what it is, and what it was
 * @param tools what it works with
 * @throws {ToolError} `CANNOT` when the service gives no place to load the earlier code from
 */
export async function rollBack(
  name: string,
  { current, earlier }: Earlier,
  tools: DeployTools,
): Promise<void> {
  const changed = SETTING_KEYS.filter((key) => !isSameVersion(earlier, current, [key]));
  const changes = Object.fromEntries(
    changed.map((key) => [
      key,
      key === 'Layers' ? (earlier.Layers ?? []).map(({ Arn }) => Arn) : earlier[key],
    ]),
  );
  const { Architectures = ['x86_64'] } = earlier;
  const code = isSameVersion(earlier, current, CODE_KEYS)
    ? undefined
    : {
        Architectures,
        place: async () => ({ ZipFile: await downloadCode(name, earlier.Version ?? '', tools) }),
      };
  await changeFunction(name, changes, code, tools);
}

async function downloadCode(
  FunctionName: string,
  Qualifier: string,
  { client, signal }: DeployTools,
): Promise<Uint8Array> {
  const input = { FunctionName, Qualifier };
  const { Code } = await client.send(new GetFunctionCommand(input), { abortSignal: signal });
  const place = Code?.Location ?? '';
  const cannot = (why: string, cause?: unknown) =>
    new ToolError('CANNOT', `Cannot load the code of version ${Qualifier} of "${FunctionName}"${why}`, {
      next: 'deploy the wanted version from its sources',
      cause,
    });
  if (!URL.canParse(place)) throw cannot(`: its place is "${place}", expected a URL`);
  const answer = await fetch(place, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    // Without the rest, which is signed: who has it can read the code.
    throw cannot(` from "${new URL(place).origin}": it cannot be reached`, cause);
  });
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw cannot(`: status ${answer.status}`);
}
