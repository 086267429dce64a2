import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { oneOf } from '../../runtime/cli/one-of.ts';
import { toJson } from '../../runtime/cli/to-json.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { FUNCTION_OPTIONS, parseRunOptions } from '../../runtime/emulator/cli-options.ts';
import { textOf } from '../deploy/target-options.ts';
import { readDeployment } from './deployment.ts';
import { FORMAT_NAMES, FORMATS } from './formats.ts';

/** `pilotlight export FORMAT [DIR|ZIP]`: a function's settings in the words of another tool. */
export const exportFunction: Verb = {
  usage: `${FORMAT_NAMES.join('|')} [DIR|ZIP] [options]`,
  options: {
    out: { type: 'string', value: 'FILE', describe: 'write to this file', fallback: 'standard output' },
    zips: { type: 'string', value: 'DIR', describe: 'folder of the zips', fallback: 'dist' },
    role: { type: 'string', value: 'ARN', describe: "the function's role", fallback: 'one of its own' },
    ...FUNCTION_OPTIONS,
  },
  minPositionals: 1,
  maxPositionals: 2,
  examples: [
    'pilotlight export sam function/hello-node --out template.yaml',
    'pilotlight export terraform shop --arch arm64',
  ],
  async run(call) {
    const { positionals, values, output } = call;
    const [word = '', source = '.'] = positionals;
    const format = oneOf(FORMAT_NAMES, word, 'format');
    const out = textOf(call, 'out');
    const { overrides } = await parseRunOptions(values, process.env);
    const deployment = await readDeployment(source, {
      overrides: { ...overrides, role: values.role },
      zips: typeof values.zips === 'string' ? values.zips : 'dist',
      base: out === undefined ? '.' : dirname(out),
    });
    const text = FORMATS[format](deployment);
    if (out !== undefined) await writeFile(out, text);
    const { interpreter } = deployment.settings;
    output.note(`the zips are made by: pilotlight layers ${interpreter} && pilotlight build ${source}`);
    if (output.json) output.result(toJson({ format, out: out ?? null, text }));
    else output.result(out === undefined ? text : `${out}\n`);
    return 0;
  },
};
