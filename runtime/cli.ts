import { Output } from './cli/output.ts';
import { systemFailure } from './cli/system-failure.ts';
import { ToolError } from './cli/tool-error.ts';
import { type Call, helpText, parseVerb, type Verb } from './cli/verb.ts';
import type { Builder } from './emulator/builder.ts';

interface Entry {
  readonly summary: string;
  /** Loads the verb: nobody pays for the verbs that were not asked for. */
  load(): Promise<Verb>;
}

const loadBuilder = async (): Promise<Builder> => (await import('../layers/builder.ts')).builder;

const VERBS: Readonly<Record<string, Entry>> = {
  build: {
    summary: 'Bundles a function and zips it',
    load: async () => (await import('../layers/cli.ts')).build,
  },
  layers: {
    summary: 'Builds interpreter layers and the runtime layer',
    load: async () => (await import('../layers/cli.ts')).layers,
  },
  dev: {
    summary: 'Runs functions in a local Lambda that AWS clients can call',
    load: async () => (await import('./emulator/cli.ts')).createDev(await loadBuilder()),
  },
  invoke: {
    summary: 'Sends one event to a function and prints its answer',
    load: async () => (await import('./emulator/cli.ts')).createInvoke(await loadBuilder()),
  },
  check: {
    summary: 'Looks for what Lambda would refuse, before anything is uploaded',
    load: async () => (await import('../layers/check/cli.ts')).check,
  },
  explain: {
    summary: 'Says which file of an environment comes from which part',
    load: async () => (await import('../layers/explain/cli.ts')).explain,
  },
  plan: {
    summary: 'Says, part by part, what a deployment would do',
    load: async () => (await import('../layers/deploy/cli.ts')).plan,
  },
  deploy: {
    summary: 'Publishes and updates the parts that changed, and no other',
    load: async () => (await import('../layers/deploy/cli.ts')).deploy,
  },
  swap: {
    summary: 'Puts other code under a function that runs in the local Lambda',
    load: async () => (await import('../layers/deploy/cli.ts')).swap,
  },
  rollback: {
    summary: 'Makes a deployed function what it was before',
    load: async () => (await import('../layers/deploy/cli.ts')).rollback,
  },
  logs: {
    summary: 'Prints what a deployed function logged',
    load: async () => (await import('../layers/logs/cli.ts')).logs,
  },
  prune: {
    summary: 'Deletes old versions of layers and functions that nothing points at',
    load: async () => (await import('../layers/prune/cli.ts')).prune,
  },
  delete: {
    summary: 'Deletes a deployed function',
    load: async () => (await import('../layers/deploy/cli.ts')).remove,
  },
  export: {
    summary: 'Writes what other tools deploy a function with, from its settings',
    load: async () => (await import('../layers/export/cli.ts')).exportFunction,
  },
  import: {
    summary: 'Makes pilotlight.json of a serverless.yml, and says what is left',
    load: async () => (await import('../layers/import/cli.ts')).importFile,
  },
  bench: {
    summary: 'Measures warm invocations and cold starts, beside other runtimes',
    load: async () => (await import('../test/bench/cli.ts')).createBench(await loadBuilder()),
  },
  conformance: {
    summary: 'Judges any bootstrap by the contract of the Runtime API',
    load: async () => (await import('../test/conformance/cli.ts')).createConformance(await loadBuilder()),
  },
};

const INTERRUPTED = 130;
/** What writing fails with when a pipe or a terminal is closed at its other end. */
const UNREAD: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

// Nobody is left to tell: `pilotlight … | head` has read enough, or the terminal is closed. What runs ends in order.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!UNREAD.has(error.code)) throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    process[name === undefined ? 'stderr' : 'stdout'].write(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
    process.stdout.write(`${manifest.version}\n`);
    return 0;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  let output = new Output({ json: args.includes('--json') });
  try {
    const entry = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (entry === undefined) {
      throw new ToolError(
        'USAGE',
        `Unknown verb "${name}", expected one of ${Object.keys(VERBS).join(', ')}`,
        {
          next: 'pilotlight --help',
        },
      );
    }
    const verb = await entry.load();
    const { values, positionals } = parseVerb(verb, args);
    if (values.help) {
      process.stdout.write(helpText(name, entry.summary, verb));
      return 0;
    }
    output = outputOf(values);
    const code = await verb.run({ values, positionals, output, signal: stopping.signal });
    return stopping.signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (stopping.signal.aborted) return INTERRUPTED;
    return report(error, name, output);
  }
}

function outputOf(values: Call['values']): Output {
  const loudness = values.quiet ? 'quiet' : values.verbose ? 'verbose' : 'normal';
  return new Output({ json: values.json === true, loudness });
}

function overview(): string {
  const width = Math.max(...Object.keys(VERBS).map((name) => name.length)) + 2;
  const lines = Object.entries(VERBS).map(([name, entry]) => `  ${name.padEnd(width)}${entry.summary}`);
  return `pilotlight VERB [options]\n\n${lines.join('\n')}\n\npilotlight VERB --help says more.\n`;
}

/** Prints what failed, why, and what to do next. */
function report(thrown: unknown, verb: string, output: Output): number {
  const error = thrown instanceof ToolError ? thrown : systemFailure(thrown);
  if (error === undefined) {
    output.always(String((thrown as Error).stack ?? thrown));
    return 3;
  }
  const next = error.next ?? (error.code === 'USAGE' ? `pilotlight ${verb} --help` : undefined);
  if (output.json)
    output.result(`${JSON.stringify({ error: { code: error.code, message: error.message, next } })}\n`);
  output.always(`${output.style('red', error.code)}  ${error.message}`);
  if (next !== undefined) output.always(`  next  ${next}`);
  if (error !== thrown) output.detail(String((thrown as Error).stack));
  return error.exitCode;
}
