import { join } from 'node:path';
import { writeZip } from '../../layers/build/zip.ts';
import type { Desired, DesiredLayer } from '../../layers/deploy/desired.ts';
import { readLocalZip } from '../../layers/deploy/local-zip.ts';
import { MACHINE_ARCH, readFunctionSettings } from '../../runtime/cli/function-settings.ts';
import { makeCodeZip } from './code-zip.ts';

/** What tells the parts of a deployment apart: a word that each holds. */
export interface PartWords {
  readonly code: string;
  readonly runtime?: string;
  /** Settings as `pilotlight.json` has them. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Makes what is to be deployed: three small zips, so that what is sent is what a test is about.
 *
 * @param folder for the zips
 * @param name the function's name; its layers are called after it, so that tests do not find each other's
 * @param words what each part holds
 */
export async function makeDeployParts(folder: string, name: string, words: PartWords): Promise<Desired> {
  const settings = await readFunctionSettings('.', { name, handler: 'ok', timeoutS: 20, ...words.settings });
  const layer = async (part: 'interpreter' | 'runtime', word: string): Promise<DesiredLayer> => {
    const path = join(folder, `${part}-${word}.zip`);
    await writeZip(path, [{ path: `${part}.txt`, content: Buffer.from(word), executable: false }]);
    return { ...(await readLocalZip(path)), part, name: `${name}-${part}`, arch: MACHINE_ARCH };
  };
  const layers = [await layer('interpreter', 'a'), await layer('runtime', words.runtime ?? 'a')];
  return { settings, layers, code: await readLocalZip((await makeCodeZip(folder, words.code)).path) };
}
