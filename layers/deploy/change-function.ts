import {
  type Architecture,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import type { DeployTools } from './deploy-tools.ts';
import { tryWhile } from './try-while.ts';
import type { ZipPlace } from './upload.ts';
import { currentVersion, listVersions } from './versions.ts';
import { waitUntilUpdated } from './wait-until-updated.ts';

/** How long another update may be in progress before this one is given up. */
const BUSY_LIMIT_MS = 120_000;

/** Other code for a function; its zip is made available only when it is its turn. */
export interface OtherCode {
  readonly Architectures: Architecture[];
  place(): Promise<ZipPlace>;
}

/**
 * Changes a function: its settings, then its code, each only where it differs. What it is then is published as a
 * version, so that it can be gone back to.
 *
 * @param FunctionName the function's name
 * @param changes settings that differ
 * @param code when it differs
 * @param tools what it works with
 * @throws {ToolError} `FOUND` when the function refused the change
 */
export async function changeFunction(
  FunctionName: string,
  changes: Partial<UpdateFunctionConfigurationCommandInput>,
  code: OtherCode | undefined,
  { client, signal, note }: DeployTools,
): Promise<void> {
  const update = async (work: () => Promise<unknown>): Promise<void> => {
    await whileBusy(signal, work);
    await waitUntilUpdated(client, FunctionName, 'update', signal);
  };
  const names = Object.keys(changes);
  if (names.length > 0) {
    note(`updating ${names.join(', ')} of ${FunctionName}`);
    const command = new UpdateFunctionConfigurationCommand({ ...changes, FunctionName });
    await update(() => client.send(command, { abortSignal: signal }));
  }
  if (code !== undefined) {
    note(`updating the code of ${FunctionName}`);
    const { Architectures } = code;
    const command = new UpdateFunctionCodeCommand({
      FunctionName,
      ...(await code.place()),
      Architectures,
      Publish: true,
    });
    await update(() => client.send(command, { abortSignal: signal }));
  } else if (names.length > 0) {
    await update(() => client.send(new PublishVersionCommand({ FunctionName }), { abortSignal: signal }));
  }
}

/**
 * Makes sure that what a function is was published.
 *
 * @param name the function's name
 * @param tools what it works with
 * @returns the number of its version
 */
export async function ensureVersion(name: string, { client, signal, note }: DeployTools): Promise<string> {
  const there = currentVersion(await listVersions(client, name));
  if (there !== undefined) return there;
  const command = new PublishVersionCommand({ FunctionName: name });
  const { Version = '' } = await whileBusy(signal, () => client.send(command, { abortSignal: signal }));
  note(`published version ${Version} of ${name}`);
  return Version;
}

/** One change at a time is let through. */
function whileBusy<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return tryWhile(({ name }) => name === 'ResourceConflictException', BUSY_LIMIT_MS, signal, work);
}
