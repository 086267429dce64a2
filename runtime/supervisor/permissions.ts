import { dirname } from 'node:path';
import type { Settings } from '../config.ts';
import { PilotlightError } from '../errors.ts';
import type { Folder } from '../prepare/folder.ts';
import type { Interpreter } from '../prepare/interpreter.ts';

/** What a worker is started with to be held to `PILOTLIGHT_PERMISSIONS`. */
export interface Permissions {
  /** Arguments of its interpreter. */
  readonly args: readonly string[];
  /** What differs from the setting, for the log. */
  readonly note: string;
}

/** How an interpreter is told, from its manifest. Its keys are the names in the setting. */
interface PermissionTable {
  /** What switches the restrictions on. */
  readonly on: readonly string[];
  /** The argument that allows all of a kind. */
  readonly all: Readonly<Record<string, string>>;
  /** The argument that allows one of a kind: `{value}` stands for which. */
  readonly some: Readonly<Record<string, string>>;
  /** What it cannot restrict. */
  readonly unrestricted: readonly string[];
}

const PATHS: readonly string[] = ['read', 'write'];

/**
 * Translates `PILOTLIGHT_PERMISSIONS` for an interpreter, and adds what the host itself needs: the function's files and
 * its socket.
 *
 * @param interpreter what the worker runs on
 * @param settings with `permissions` such as `read=/var/task,run`
 * @param folder the bootstrap's folder
 * @throws {PilotlightError} `SETTING_INVALID` for what this interpreter does not know or cannot restrict so finely
 */
export function permit(interpreter: Interpreter, settings: Settings, folder: Folder): Permissions {
  const text = settings.permissions ?? '';
  const title = `${interpreter.name} ${interpreter.version}`;
  const refuse = (reason: string) =>
    new PilotlightError('SETTING_INVALID', `Cannot use PILOTLIGHT_PERMISSIONS="${text}": ${reason}`);
  const table = parseTable(interpreter.permissions);
  if (table === undefined) throw refuse(`${title} cannot be restricted, expected off`);
  const { all, some, unrestricted } = table;

  function argument(item: string): string[] {
    const [, name = '', value] = /^([^=]*)=?(.*)$/.exec(item) ?? [];
    const isKnown = Object.hasOwn(all, name) || unrestricted.includes(name);
    if (!isKnown) {
      throw refuse(
        `${title} knows no "${name}", expected ${[...Object.keys(all), ...unrestricted].join(', ')}`,
      );
    }
    if (!item.includes('=')) return all[name] === undefined ? [] : [all[name]];
    if (some[name] === undefined)
      throw refuse(`${title} cannot restrict "${name}" so finely, expected "${name}"`);
    if (PATHS.includes(name) && !value?.startsWith('/')) throw refuse(`"${value}" is no absolute path`);
    return [some[name].replace('{value}', value ?? '')];
  }

  const items = text === 'none' ? [] : text.split(',').map((item) => item.trim());
  const run = dirname(folder.socketPath(1));
  const read = [...new Set([settings.taskRoot, settings.layersRoot, folder.functionFolder, run])];
  const host = [...read.map((path) => `read=${path}`), `write=${run}`];
  const open = unrestricted.filter((name) => !items.includes(name));
  const unable = open.length === 0 ? '' : `${title} cannot restrict ${open.join(', ')}; `;
  return {
    args: [...table.on, ...[...items, ...host].flatMap(argument)],
    note: `PILOTLIGHT_PERMISSIONS="${text}": ${unable}its host needs ${host.join(',')} besides`,
  };
}

/** Manifests of interpreters that cannot restrict anything have no table. */
function parseTable(value: unknown): PermissionTable | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const table = value as Readonly<Record<string, unknown>>;
  const texts = (item: unknown) => (Array.isArray(item) ? item.map(String) : []);
  const record = (item: unknown) =>
    Object.fromEntries(Object.entries(item ?? {}).map(([name, argument]) => [name, String(argument)]));
  return {
    on: texts(table.on),
    all: record(table.all),
    some: record(table.some),
    unrestricted: texts(table.unrestricted),
  };
}
