import { oneOf } from '../../runtime/cli/one-of.ts';
import { toJson } from '../../runtime/cli/to-json.ts';
import type { Verb } from '../../runtime/cli/verb.ts';
import { makeWorkFolder } from '../../runtime/emulator/work-folder.ts';
import { checkParts } from './check-parts.ts';
import { IMAGES, TARGETS } from './image.ts';
import { renderReport, UNSEEN } from './report.ts';

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
  },
  minPositionals: 0,
  maxPositionals: Number.POSITIVE_INFINITY,
  examples: [
    'pilotlight check',
    'pilotlight check dist/interpreter-node-x86_64.zip dist/runtime.zip dist/function-hello-node.zip',
    'pilotlight check dist --target al2',
  ],
  async run({ positionals, values, output, signal }) {
    const target = oneOf(TARGETS, values.target ?? 'al2023', '--target');
    const image = IMAGES[target];
    const work = await makeWorkFolder();
    try {
      const { sets, findings } = await checkParts(positionals.length > 0 ? positionals : ['dist'], image, {
        folder: await work.make('parts'),
        signal,
        note: (line) => output.detail(line),
      });
      if (output.json) {
        const described = sets.map(({ name, layers, fn }) => ({
          name,
          layers: layers.map((part) => part.name),
          function: fn?.name ?? null,
        }));
        output.result(toJson({ target, sets: described, findings, unseen: UNSEEN }));
      } else {
        output.result(renderReport(findings, sets, image));
      }
      return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
    } finally {
      await work.remove();
    }
  },
};
