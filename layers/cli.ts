import { oneOf } from '../runtime/cli/one-of.ts';
import { toJson } from '../runtime/cli/to-json.ts';
import type { Call, Verb } from '../runtime/cli/verb.ts';
import { makeFunctionZip, SOURCE_MAP_PLACES } from './build/function-zip.ts';
import { makeInterpreterLayer } from './build/interpreter-layer.ts';
import { ARCHES, interpreterNames, readInterpreterSource } from './build/interpreter-source.ts';
import type { MadePart } from './build/part.ts';
import { makeRuntimeLayer } from './build/runtime-layer.ts';
import { interpretersTable } from './list/interpreters-table.ts';
import { combine, listInterpreters } from './list/list-interpreters.ts';
import { size, table } from './table.ts';

const OUT_OPTION = {
  type: 'string',
  value: 'DIR',
  describe: 'folder of the zips',
  fallback: 'dist',
} as const;

/** `pilotlight build DIR`: one function's zip. */
export const build: Verb = {
  usage: 'DIR [options]',
  options: {
    out: OUT_OPTION,
    name: { type: 'string', value: 'NAME', describe: "the function's name", fallback: "the folder's" },
    entry: {
      type: 'string',
      value: 'FILE',
      describe: 'the file to start from',
      fallback: 'first of function, index, src/function, src/index as .ts .mts .js .mjs .cjs .cr',
    },
    external: {
      type: 'string',
      multiple: true,
      value: 'PKG',
      describe: 'package to ship as it is installed, not bundled; may be repeated',
    },
    include: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      describe: 'files to ship beside the bundle; may be repeated',
    },
    'code-cache': {
      type: 'boolean',
      describe: 'ship the code as Node compiles it, for the cold starts of large bundles; runs the init once',
    },
    'source-map': {
      type: 'string',
      value: SOURCE_MAP_PLACES.join('|'),
      describe: 'where the source map goes, from the zip',
      fallback: 'beside',
    },
  },
  minPositionals: 1,
  maxPositionals: 1,
  examples: [
    'pilotlight build function/hello-node',
    "pilotlight build shop --external sharp --include 'templates/**'",
  ],
  async run(call) {
    const { name, entry } = call.values;
    const made = await makeFunctionZip(call.positionals[0] ?? '.', {
      out: outFolder(call),
      signal: call.signal,
      name: typeof name === 'string' ? name : undefined,
      entry: typeof entry === 'string' ? entry : undefined,
      external: list(call.values.external),
      include: list(call.values.include),
      codeCache: call.values['code-cache'] === true ? true : undefined,
      sourceMap: oneOf(SOURCE_MAP_PLACES, call.values['source-map'] ?? 'beside', '--source-map'),
      note: (line) => call.output.note(line),
    });
    if (made.sourceMap !== undefined) call.output.detail(`source map ${made.sourceMap}`);
    const json = { name: made.functionName, ...describePart(made), sourceMap: made.sourceMap ?? null };
    call.output.result(call.output.json ? toJson(json) : partsTable([made]));
    return 0;
  },
};

/** `pilotlight layers [NAME…]`: interpreter layers, and the runtime layer. */
export const layers: Verb = {
  usage: '[NAME…] [options]',
  options: {
    arch: { type: 'string', value: 'x86_64|arm64|all', describe: 'for which machines', fallback: 'all' },
    out: OUT_OPTION,
    list: { type: 'boolean', describe: 'say which interpreters there are instead, and which fit together' },
  },
  minPositionals: 0,
  maxPositionals: Number.POSITIVE_INFINITY,
  examples: ['pilotlight layers', 'pilotlight layers node --arch arm64', 'pilotlight layers --list'],
  async run(call) {
    const { output, positionals, signal } = call;
    const out = outFolder(call);
    const choice = oneOf([...ARCHES, 'all'], call.values.arch ?? 'all', '--arch');
    const arches = choice === 'all' ? ARCHES : [choice];
    const names = new Set(positionals.length > 0 ? positionals : ['node']);
    // Before the first of them is built: a wrong name costs no time.
    for (const name of names) await readInterpreterSource(name);
    if (call.values.list) {
      const rows = await listInterpreters(
        out,
        positionals.length > 0 ? [...names] : await interpreterNames(),
      );
      const combinations = await combine(out, rows);
      output.result(
        output.json ? toJson({ interpreters: rows, combinations }) : interpretersTable(rows, combinations),
      );
      return 0;
    }
    const note = (line: string) => output.note(line);
    const made: MadePart[] = [];
    for (const name of names) {
      for (const arch of arches) made.push(await makeInterpreterLayer(name, arch, { out, signal, note }));
    }
    made.push(await makeRuntimeLayer({ out, signal }));
    for (const { path, rebuilt } of made) output.detail(`${rebuilt ? 'built' : 'unchanged'} ${path}`);
    output.result(output.json ? toJson(made.map(describePart)) : partsTable(made));
    return 0;
  },
};

function partsTable(parts: readonly MadePart[]): string {
  return table(parts.map(({ path, bytes }) => [path, size(bytes)]));
}

function describePart({ name, path, bytes, sha256, contentsSha256, rebuilt }: MadePart) {
  return { part: name, zip: path, bytes, sha256, contentsSha256, rebuilt };
}

function outFolder(call: Call): string {
  return typeof call.values.out === 'string' ? call.values.out : 'dist';
}

function list(value: Call['values'][string]): readonly string[] {
  return Array.isArray(value) ? value : [];
}
