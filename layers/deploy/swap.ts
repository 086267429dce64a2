import { readFile } from 'node:fs/promises';
import { type LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { waitUntilUpdated } from './wait-until-updated.ts';

/**
 * Puts other code under a function that runs, and waits until it serves. The code before it serves until then, and goes
 * on where the new one cannot be initialised.
 *
 * @param client of the Lambda API
 * @param name the function's name
 * @param zip path of the function zip
 * @param signal stops the wait; what was sent is carried out all the same
 * @returns how long it took, in milliseconds
 * @throws {ToolError} `FOUND` when the new code was refused, with the reason
 */
export async function swapCode(
  client: LambdaClient,
  name: string,
  zip: string,
  signal: AbortSignal,
): Promise<number> {
  const FunctionName = name;
  const ZipFile = await readFile(zip);
  const startMs = performance.now();
  await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }), { abortSignal: signal });
  await waitUntilUpdated(client, name, 'swap', signal);
  return performance.now() - startMs;
}
