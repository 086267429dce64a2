import type { Verb } from '../cli/verb.ts';
import type { Builder } from './builder.ts';
import { RUN_OPTIONS } from './cli-options.ts';
import { runDev } from './dev.ts';
import { FAULT_OPTIONS } from './faults/read-fault-options.ts';
import { runInvoke } from './invoke.ts';

/**
 * Makes the verb `dev`.
 *
 * @param builder makes the parts that are not built yet
 */
export function createDev(builder: Builder): Verb {
  return {
    usage: '[DIR|ZIP]... [options]',
    options: {
      port: {
        type: 'string',
        value: 'PORT',
        describe: 'port of the Lambda API; 0: any free one',
        fallback: '9000',
      },
      'url-port': {
        type: 'string',
        value: 'PORT',
        describe: 'port of the first function URL, the others count up; 0: any free ones',
        fallback: '9100',
      },
      ...RUN_OPTIONS,
      'idle-s': {
        type: 'string',
        value: 'SECONDS',
        describe: 'end environments that long unused',
        fallback: '300',
      },
      watch: {
        type: 'boolean',
        describe: 'swap a function when its sources change; --no-watch leaves it',
        fallback: 'on',
      },
      'max-environments': { type: 'string', value: 'N', describe: 'for each function', fallback: '2 a core' },
      ...FAULT_OPTIONS,
    },
    // Without functions it waits for those that clients create.
    minPositionals: 0,
    maxPositionals: Number.POSITIVE_INFINITY,
    examples: [
      'pilotlight dev function/hello-node',
      'pilotlight dev --port 0 --timeout 10 dist/function-hello-node.zip',
      'pilotlight dev --faults kill=0.1,delay=0.2:500ms --seed 7 function/hello-node',
    ],
    run: (call) => runDev(builder, call, process.env),
  };
}

/**
 * Makes the verb `invoke`.
 *
 * @param builder makes the parts that are not built yet
 */
export function createInvoke(builder: Builder): Verb {
  return {
    usage: '[DIR|ZIP|NAME] [options]',
    options: {
      event: {
        type: 'string',
        value: 'JSON|@FILE|-',
        describe: 'the event, or where to read it',
        fallback: '{}',
      },
      repeat: { type: 'string', value: 'N', describe: 'send it N times, one after the other', fallback: '1' },
      stream: { type: 'boolean', describe: 'print a streamed answer as it comes' },
      log: { type: 'boolean', describe: "print the end of the invocation's log" },
      'endpoint-url': {
        type: 'string',
        value: 'URL',
        describe: 'Lambda API that knows the function NAME',
        fallback: 'AWS for a NAME; DIR and ZIP run in an environment of their own',
      },
      ...RUN_OPTIONS,
    },
    minPositionals: 0,
    maxPositionals: 1,
    examples: [
      `pilotlight invoke function/hello-node --event '{"name":"Ada"}'`,
      'pilotlight invoke --endpoint-url http://127.0.0.1:9000 hello-node --event @event.json --log',
    ],
    run: (call) => runInvoke(builder, call, process.env),
  };
}
