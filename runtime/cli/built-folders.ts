import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** Where layers are kept between runs, and zips go unless said otherwise. */
export const LAYERS_FOLDER = 'dist';

/**
 * Finds what is in a folder only because something was built: where zips go to, and where the layers are kept.
 *
 * @param folder the folder
 * @param out the folder of the zips
 * @returns paths relative to it, also of what is not there yet; a link and what it leads to are two
 */
export function builtFolders(folder: string, out = LAYERS_FOLDER): ReadonlySet<string> {
  const root = realPath(resolve(folder));
  const places = [out, LAYERS_FOLDER].map((place) => resolve(place));
  const paths = places
    .flatMap((place) => [realPath(place), join(realPath(dirname(place)), basename(place))])
    .map((path) => relative(root, path));
  return new Set(paths.filter((path) => path !== '' && !/^\.\.(?:\/|$)/.test(path)));
}

/** What is not there has the path that it will have. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realPath(dirname(path)), basename(path));
  }
}
