import { HostError } from './errors.ts';

/** A handler string taken apart. */
export interface HandlerName {
  /** Path of the module below the function's folder, without what Node may add. */
  readonly module: string;
  /** The names to walk from the module to the handler, at least one. */
  readonly exportPath: readonly string[];
}

/**
 * Takes a handler string apart for a function with a bundle: the module part is ignored.
 * @param handler - for example `function.handler`, `function.bundle.handler` or `handler`
 * @returns the names of the export; several where it is nested
 * @throws HostError `Runtime.MalformedHandlerName` for an empty name
 */
export function parseBundleHandler(handler: string): readonly string[] {
  const [, file = ''] = splitFolder(handler);
  const names = file.replace(/^function\.bundle\./, 'function.').split('.');
  const exportPath = names.length === 1 ? names : names.slice(1);
  return checkNames(handler, exportPath);
}

/**
 * Takes a handler string apart as Lambda's Node runtime does: the module ends at the first dot of its file name.
 * @param handler - for example `src/index.handler` or `index.api.handler`
 * @returns the module and the export
 * @throws HostError `Runtime.MalformedHandlerName` for `..`, a missing module or a missing export
 */
export function parseModuleHandler(handler: string): HandlerName {
  const [folder, file] = splitFolder(handler);
  const [name = '', ...exportPath] = file.split('.');
  if (name === '') throw malformed(handler, 'it names no module');
  return { module: folder + name, exportPath: checkNames(handler, exportPath) };
}

/** Refuses `..` on the way: a handler lies in the function's folder. */
function splitFolder(handler: string): [string, string] {
  if (handler.includes('..')) throw malformed(handler, 'it contains ".."');
  const end = handler.lastIndexOf('/') + 1;
  return [handler.slice(0, end), handler.slice(end)];
}

function checkNames(handler: string, names: readonly string[]): readonly string[] {
  if (names.length === 0 || names.includes('')) throw malformed(handler, 'it names no export');
  return names;
}

function malformed(handler: string, reason: string): HostError {
  return new HostError(
    'Runtime.MalformedHandlerName',
    `Cannot use handler "${handler}": ${reason}, expected "module.export"`,
  );
}
