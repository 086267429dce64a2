import { oneOf } from '../../runtime/cli/one-of.ts';
import { toJson } from '../../runtime/cli/to-json.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { FUNCTION_OPTIONS, parseRunOptions } from '../../runtime/emulator/cli-options.ts';
import { makeWorkFolder } from '../../runtime/emulator/work-folder.ts';
import { checkParts, errorsFirst } from './check-parts.ts';
import { IMAGES, TARGETS } from './image.ts';
import { loadFunctions } from './load-functions.ts';
import { renderReport, UNSEEN } from './report.ts';

const { handler, env, 'env-file': envFile } = FUNCTION_OPTIONS;
/** What a zip does not say of its function. */
const LOAD_OPTIONS = Object.fromEntries(
  Object.entries({ handler, env, 'env-file': envFile }).flatMap(([name, spec]) =>
    spec ? [[name, spec]] : [],
  ),
);
const NOT_LOADED = { findings: [], unseen: ['whether bundles load and export their handlers (--no-load)'] };

/** `pilotlight check [PATH…]`: what Lambda would refuse, before anything is uploaded. */
export const check: Verb = {
  usage: '[PATH…] [options]',
  options: {
    target: {
      type: 'string',
      value: TARGETS.join('|'),
      describe: 'the Amazon Linux that it is for',
      fallback: 'al2023',
    },
    load: {
      type: 'boolean',
      describe: 'run the init of each function in the local Lambda; --no-load runs nothing',
      fallback: 'on',
    },
    ...LOAD_OPTIONS,
  },
  minPositionals: 0,
  maxPositionals: Number.POSITIVE_INFINITY,
  examples: [
    'pilotlight check',
    'pilotlight check dist/interpreter-node-x86_64.zip dist/runtime.zip dist/function-hello-node.zip',
    'pilotlight check dist --target al2',
    'pilotlight check dist --env TABLE=orders --handler function.main',
  ],
  async run({ positionals, values, output, signal }) {
    const target = oneOf(TARGETS, values.target ?? 'al2023', '--target');
    const image = IMAGES[target];
    const work = await makeWorkFolder();
    try {
      const note = (line: string) => output.detail(line);
      const paths = positionals.length > 0 ? positionals : ['dist'];
      const checked = await checkParts(paths, image, { folder: await work.make('parts'), signal, note });
      const { sets, sound } = checked;
      let made = 0;
      const loaded =
        values.load === false
          ? NOT_LOADED
          : await loadFunctions(sound, {
              overrides: (await parseRunOptions(values, {})).overrides,
              makeFolder: () => work.make(`load/${made++}`),
              signal,
              note,
            });
      const findings = errorsFirst([...checked.findings, ...loaded.findings]);
      const unseen = [...UNSEEN, ...loaded.unseen];
      if (output.json) {
        const described = sets.map(({ name, layers, fn }) => ({
          name,
          layers: layers.map((part) => part.name),
          function: fn?.name ?? null,
        }));
        output.result(toJson({ target, sets: described, findings, unseen }));
      } else {
        output.result(renderReport(findings, sets, image, unseen));
      }
      return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    } finally {
      await work.remove();
    }
  },
};
