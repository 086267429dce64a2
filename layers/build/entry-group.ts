import type { CodeSplittingGroup } from 'rolldown';

/**
 * Keeps all that an entry needs at its start in its own file. The bundler alone moves what later files need too into
 * files of their own, as soon as one of these needs the entry itself: more files to load in every start, and getters
 * instead of constants.
 *
 * @param entry path of the entry
 */
export function entryGroup(entry: string): CodeSplittingGroup {
  let needed: ReadonlySet<string> | undefined;
  return {
    name(id, context) {
      needed ??= withImports(entry, (module) => context.getModuleInfo(module)?.importedIds ?? []);
      return needed.has(id) ? 'entry' : null;
    },
  };
}

function withImports(entry: string, importsOf: (id: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([entry]);
  // A set gives what is added while it is gone through.
  for (const id of found) for (const imported of importsOf(id)) found.add(imported);
  return found;
}
