import type { Verb } from '../../runtime/cli/verb.ts';
import type { Builder } from '../../runtime/emulator/builder.ts';

/**
 * Makes the verb `conformance`.
 *
 * @param builder makes the layers that are judged when no command is given
 */
export function createConformance(builder: Builder): Verb {
  return {
    usage: '[options] [-- COMMAND [ARGS]]',
    options: {
      case: {
        type: 'string',
        multiple: true,
        value: 'NAME',
        describe: 'this case or group only; may repeat',
      },
      interpreter: {
        type: 'string',
        value: 'NAME',
        describe: 'judge the workers of this one, without a COMMAND',
        fallback: 'node',
      },
      language: {
        type: 'string',
        value: 'NAME',
        describe: 'language of the handler that COMMAND runs; without one also crystal',
        fallback: 'node',
      },
      without: {
        type: 'string',
        multiple: true,
        value: 'FEATURE',
        describe: 'what COMMAND cannot do; may repeat',
      },
      peers: { type: 'boolean', describe: 'judge the installed runtimes and print a table in Markdown' },
      list: { type: 'boolean', describe: 'print the cases instead of running them' },
      html: { type: 'string', value: 'FILE', describe: 'write a page there' },
    },
    minPositionals: 0,
    maxPositionals: Number.POSITIVE_INFINITY,
    examples: [
      'pilotlight conformance',
      'pilotlight conformance --case order-next-first',
      'pilotlight conformance --interpreter bun',
      'pilotlight conformance --language crystal',
      'pilotlight conformance --language python -- python3 -m awslambdaric function.handler',
    ],
    async run(call) {
      const { runConformance } = await import('./run-conformance.ts');
      return runConformance(builder, call);
    },
  };
}
