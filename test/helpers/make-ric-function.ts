import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RIC_PACKAGE } from './clients.ts';

const FIXTURE = fileURLToPath(new URL('../fixtures/clients/ric', import.meta.url));
/** What runs. The package's own bundle holds its JavaScript dependencies; the rest is what it was built from. */
const RUNNING_FILES = ['index.mjs', 'package.json', 'rapid-client.node', 'LICENSE', 'NOTICE'];

/**
 * Lays out a function that brings its own bootstrap: the official Node client, which needs the interpreter layer and
 * no other. Its handler is `index.handler`. Tests that call it pass `needs('aws-lambda-ric')`.
 *
 * @param folder where to put the files; made when missing
 */
export async function makeRicFunction(folder: string): Promise<void> {
  const client = join(folder, 'node_modules/aws-lambda-ric');
  await mkdir(client, { recursive: true });
  await cp(FIXTURE, folder, { recursive: true });
  for (const file of RUNNING_FILES) await cp(join(RIC_PACKAGE, file), join(client, file));
}
