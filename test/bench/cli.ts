import process from 'node:process';
import type { Verb } from '../../runtime/cli/verb.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';

/**
 * Makes the verb `bench`.
 *
 * @param builder makes the layers that are measured
 */
export function createBench(builder: Builder): Verb {
  return {
    usage: '[options]',
    options: {
      candidate: {
        type: 'string',
        multiple: true,
        value: 'NAME=DIR|COMMAND',
        describe: 'measure this bootstrap as well; may repeat',
      },
      size: { type: 'string', value: 'BYTES', describe: 'one size of event instead of the whole suite' },
      placement: {
        type: 'string',
        value: 'split|one|free',
        describe: 'one placement on the cores instead of the whole suite',
        fallback: 'split',
      },
      first: { type: 'string', value: 'N', describe: 'the first invocations of fresh environments instead' },
      rounds: { type: 'string', value: 'N', describe: 'rounds of each scenario' },
      quick: { type: 'boolean', describe: 'see that it works, in a few seconds' },
      baseline: {
        type: 'string',
        value: 'FILE',
        describe: 'compare with an earlier result, see --json',
      },
      html: {
        type: 'string',
        value: 'FILE',
        describe: 'write the page there',
        fallback: 'dist/reports/bench.html',
      },
      aws: { type: 'string', value: 'NAME', describe: 'measure a deployed function instead' },
      event: { type: 'string', value: 'JSON', describe: 'the event for --aws', fallback: '{}' },
      invocations: { type: 'string', value: 'N', describe: 'how many, for --aws', fallback: '200' },
      'endpoint-url': { type: 'string', value: 'URL', describe: 'Lambda API for --aws', fallback: 'AWS' },
    },
    minPositionals: 0,
    maxPositionals: 0,
    examples: [
      'pilotlight bench',
      'pilotlight bench --size 10000 --placement free --rounds 10',
      'pilotlight bench --first 20',
      'pilotlight bench --candidate mine=build/my-runtime --baseline before.json',
    ],
    async run(call) {
      if (call.values.aws !== undefined) {
        const { runAws } = await import('./aws/run-aws.ts');
        return runAws(call, process.env);
      }
      const { runBench } = await import('./run-bench.ts');
      return runBench(builder, call);
    },
  };
}
