import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/** Where layers are kept between runs, and zips go unless said otherwise. */
export const LAYERS_FOLDER = 'dist';
/** What a build writes, also before it is whole. Other files there are the user's: a site may be made in `dist` too. */
const BUILT = /^(?:parts\.json|runtime\.zip|(?:interpreter|function)-.+\.(?:zip|map))(?:\..+\.tmp)?$/;

/** What is in a folder only because something was built; all paths are relative to that folder. */
export interface BuiltFiles {
  /** Where zips go to, and where the layers are kept. */
  readonly folders: ReadonlySet<string>;
  /** Whether it is a zip that was built, or belongs to them. */
  has(path: string): boolean;
}

/**
 * Tells what was built into a folder.
 *
 * @param folder the folder
 * @param out the folder of the zips
 */
export function builtFiles(folder: string, out = LAYERS_FOLDER): BuiltFiles {
  const root = realPath(resolve(folder));
  const inRoot = (path: string) => relative(root, path) || '.';
  const places = [out, LAYERS_FOLDER].map((place) => {
    const path = resolve(place);
    return { named: inRoot(join(realPath(dirname(path)), basename(path))), real: inRoot(realPath(path)) };
  });
  const folders = new Set(places.map(({ real }) => real));
  const links = new Set(places.filter(({ named, real }) => named !== real).map(({ named }) => named));
  return {
    folders,
    has: (path) => links.has(path) || (folders.has(dirname(path)) && BUILT.test(basename(path))),
  };
}

/** What is not there has the path that it will have. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realPath(dirname(path)), basename(path));
  }
}
