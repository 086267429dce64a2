import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { writeZip } from '../../../layers/build/zip.ts';
import { Output } from '../../../runtime/cli/output.ts';
import { parseVerb, type Verb } from '../../../runtime/cli/verb.ts';
import type { Builder } from '../../../runtime/emulator/builder.ts';
import { useTmp } from '../../helpers/use-tmp.ts';
import { makeFunction } from './use-lambda.ts';

/** A folder and a zip of the function `acts`, and a builder that has everything at hand. */
export async function useBuilder(t: TestContext): Promise<{ builder: Builder; folder: string; zip: string }> {
  const folder = useTmp(t);
  const { code } = await makeFunction(folder);
  const layer = join(folder, 'layer.zip');
  await writeZip(layer, [{ path: 'interpreters/none.json', content: Buffer.from('{}'), executable: false }]);
  const builder: Builder = {
    buildFunction: async () => ({ name: 'acts', zip: code, sourceMap: undefined }),
    buildLayers: async () => ({ interpreters: [layer], runtime: layer }),
  };
  return { builder, folder, zip: code };
}

/** A verb that runs as on the command line, with what it printed so far. */
export interface RunningVerb {
  readonly exitCode: Promise<number>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the text stands on standard output or standard error. */
  printed(text: string): Promise<void>;
  /** Resolves when it prints again on standard error. */
  printedMore(): Promise<void>;
  /** What Ctrl-C does. */
  interrupt(): void;
}

/** Runs a verb within this process. */
export function runVerb(verb: Verb, ...args: string[]): RunningVerb {
  const stdout = collect();
  const stderr = collect();
  const stopping = new AbortController();
  const { values, positionals } = parseVerb(verb, args);
  const loudness = values.verbose === true ? 'verbose' : 'normal';
  const output = new Output({ json: values.json === true, loudness }, stdout.stream, stderr.stream);
  return {
    exitCode: verb.run({ values, positionals, output, signal: stopping.signal }),
    stdout: stdout.text,
    stderr: stderr.text,
    printed: (text) => Promise.race([stdout.contains(text), stderr.contains(text)]),
    printedMore: () => stderr.more(),
    interrupt: () => stopping.abort(),
  };
}

function collect() {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return {
    // Output only writes, which is all the two have in common.
    stream: stream as unknown as NodeJS.WriteStream,
    text: () => text,
    more: async () => void (await once(stream, 'data')),
    contains: (part: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!text.includes(part)) return;
          stream.off('data', look);
          resolve();
        };
        stream.on('data', look);
        look();
      }),
  };
}
