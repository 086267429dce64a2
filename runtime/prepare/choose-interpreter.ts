import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Settings } from '../config.ts';
import { PilotlightError } from '../errors.ts';
import { findExecutableBundle } from './executable-bundle.ts';
import type { Interpreter } from './interpreter.ts';

/**
 * Chooses the interpreter that hosts the function: the one that `PILOTLIGHT_INTERPRETER` names, else the only one
 * that can host the bundle. They are looked for in the layers and in the function. A bundle that is a program needs none.
 *
 * @throws {PilotlightError} `INTERPRETER_MISSING` when there is none, or several could host the bundle;
 *   `INTERPRETER_UNUSABLE` when its manifest or binary cannot be used, `BUNDLE_FAILED` for a program that cannot be started
 */
export function chooseInterpreter(settings: Settings): Interpreter {
  const executable = settings.interpreter === undefined ? findExecutableBundle(settings.taskRoot) : undefined;
  if (executable !== undefined) return executable;
  const all = [settings.layersRoot, settings.taskRoot].flatMap((place) => readManifests(place, settings));
  const present = all.length === 0 ? 'none' : all.map((interpreter) => `"${interpreter.name}"`).join(', ');
  if (settings.interpreter !== undefined) {
    const chosen = all.find((interpreter) => interpreter.name === settings.interpreter);
    if (chosen !== undefined) return usable(chosen);
    throw new PilotlightError(
      'INTERPRETER_MISSING',
      `Cannot find interpreter "${settings.interpreter}" (PILOTLIGHT_INTERPRETER): found ${present}; add its interpreter layer`,
    );
  }
  const ending = bundleEnding(settings.taskRoot);
  const able = all.filter((interpreter) => interpreter.bundles.includes(ending));
  const [only] = able;
  if (only !== undefined && able.length === 1) return usable(only);
  throw new PilotlightError(
    'INTERPRETER_MISSING',
    able.length === 0
      ? `Cannot find an interpreter for a ".${ending}" bundle: found ${present}; add an interpreter layer`
      : `Cannot choose between the interpreters ${present}: expected PILOTLIGHT_INTERPRETER to name one`,
  );
}

/** The ending of the function's bundle; a function without one is JavaScript, as the dummy is. */
function bundleEnding(taskRoot: string): string {
  try {
    const bundle = readdirSync(taskRoot).find((name) => /^function\.bundle\.\w+$/.test(name));
    return bundle === undefined ? 'js' : extname(bundle).slice(1);
  } catch {
    return 'js';
  }
}

function readManifests(place: string, settings: Settings): Interpreter[] {
  const folder = join(place, 'interpreters');
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
  return names.map((name) => {
    const path = join(folder, name);
    try {
      return parseManifest(JSON.parse(readFileSync(path, 'utf8')), place, settings.layersRoot);
    } catch (error) {
      throw new PilotlightError(
        'INTERPRETER_UNUSABLE',
        `Cannot read "${path}": ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  });
}

function parseManifest(value: unknown, place: string, layersRoot: string): Interpreter {
  const manifest = value as Readonly<Record<string, unknown>>;
  const text = (key: string) => {
    const item = manifest[key];
    if (typeof item !== 'string') throw new TypeError(`"${key}" is ${typeof item}, expected text`);
    return item;
  };
  const texts = (key: string) => {
    const item = manifest[key];
    if (!Array.isArray(item)) throw new TypeError(`"${key}" is ${typeof item}, expected a list`);
    return item.map(String);
  };
  return {
    name: text('name'),
    version: text('version'),
    home: place,
    binary: join(place, text('binary')),
    worker: texts('worker'),
    variables: Object.fromEntries(
      Object.entries(manifest.variables ?? {}).map(([name, item]) => [name, String(item)]),
    ),
    inspect: manifest.inspect === undefined ? undefined : texts('inspect'),
    permissions: manifest.permissions,
    host: join(layersRoot, 'pilotlight', text('host')),
    bundles: texts('bundles'),
  };
}

function usable(interpreter: Interpreter): Interpreter {
  for (const [path, mode] of [
    [interpreter.binary, constants.X_OK],
    [interpreter.host, constants.R_OK],
  ] as const) {
    try {
      accessSync(path, mode);
    } catch (error) {
      throw new PilotlightError(
        'INTERPRETER_UNUSABLE',
        `Cannot use interpreter "${interpreter.name}": ${(error as Error).message}`,
        { cause: error },
      );
    }
  }
  return interpreter;
}
