import type { FunctionSettings } from '../../cli/function-settings.ts';
import type { FunctionUrls } from './function-urls.ts';

/**
 * Has the URL of a function follow its settings while it is swapped. What clients have made of it stays, unless the
 * settings say otherwise than before. A new one is opened right now: what finds its port taken is not swapped.
 *
 * @param settings of the function that is to serve
 * @param before its settings until now
 * @param urls has the URL, or gets it
 * @returns to be called in the moment the swap has ended, with whether these settings are now those of what serves
 * @throws {ToolError} `CANNOT` when the port is taken
 */
export async function followUrl(
  { name, url: mode }: FunctionSettings,
  before: FunctionSettings,
  urls: FunctionUrls,
): Promise<(isServing: boolean) => Promise<void>> {
  if (mode === before.url) return async () => {};
  const owner = { name, qualifier: undefined };
  const isNew = mode !== 'none' && urls.find(owner) === undefined;
  if (isNew) await urls.open(owner, { mode, authType: 'NONE', cors: undefined });
  return async (isServing) => {
    if (isServing ? mode === 'none' : isNew) return await urls.close(owner);
    const url = urls.find(owner);
    if (!isServing || mode === 'none' || url === undefined || url.mode === mode) return;
    url.mode = mode;
    url.modifiedMs = Date.now();
  };
}
