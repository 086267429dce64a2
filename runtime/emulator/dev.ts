import { once } from 'node:events';
import type { Call } from '../cli/verb.ts';
import type { Builder } from './builder.ts';
import { parseNumber, parseRunOptions } from './cli-options.ts';
import { clientLines } from './client-lines.ts';
import { readFaultOptions } from './faults/read-fault-options.ts';
import { startLocalLambda } from './local-lambda.ts';
import { prepareFunction } from './prepare-function.ts';
import { printSwap } from './watch/swap-line.ts';
import { type DevFunction, watchFunctions } from './watch/watch-functions.ts';
import { makeWorkFolder } from './work-folder.ts';

const DEFAULT_PORT = 9000;
const DEFAULT_URL_PORT = 9100;
const MAX_PORT = 65_535;
const MAX_ENVIRONMENTS = 1000;
const MAX_IDLE_S = 86_400;

/**
 * Runs functions in a local Lambda until Ctrl-C.
 *
 * @param builder makes what is not built yet
 * @param call the command line
 * @param shell the variables of the shell
 */
export async function runDev(builder: Builder, call: Call, shell: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values, output, signal } = call;
  const { overrides, ...options } = await parseRunOptions(values, shell);
  const port = parseNumber('port', values.port ?? DEFAULT_PORT, 0, MAX_PORT);
  const urlPort = parseNumber('url-port', values['url-port'] ?? DEFAULT_URL_PORT, 0, MAX_PORT);
  const idleMs = parseNumber('idle-s', values['idle-s'] ?? 300, 1, MAX_IDLE_S) * 1000;
  const limit = values['max-environments'];
  // One debugger port has room for one worker.
  const forced = options.inspectPort === undefined ? undefined : 1;
  const maxEnvironments =
    limit === undefined ? forced : parseNumber('max-environments', limit, 1, MAX_ENVIRONMENTS);
  const faults = readFaultOptions(values);

  const build = await makeWorkFolder();
  try {
    const functions: DevFunction[] = [];
    for (const [index, source] of positionals.entries()) {
      const out = await build.make(String(index));
      const prepare = { builder, overrides, out, signal, note: (line: string) => output.note(line) };
      functions.push({ source, fn: await prepareFunction(source, prepare), options: prepare });
    }
    const lambda = await startLocalLambda({
      ...options,
      ...(maxEnvironments === undefined ? {} : { maxEnvironments }),
      functions: functions.map(({ fn }) => fn),
      signal,
      port,
      urlPort,
      idleMs,
      faults: faults?.injector,
      log: (line, name) => output.always(positionals.length === 1 ? line : `${name}  ${line}`),
      onReplaced: (functionName, sha256, result) => printSwap(output, { functionName, sha256, result }),
    });
    try {
      const names = functions.map(({ fn }) => fn.settings.name);
      const { url, urls, isolation } = lambda;
      const urlLines = Object.entries(urls).map(([name, address]) => `url ${name} ${address}\n`);
      output.result(
        output.json
          ? `${JSON.stringify({ url, urls, isolation, functions: names })}\n`
          : [`ready ${url}\n`, ...urlLines].join(''),
      );
      output.note(`functions  ${names.join(', ') || 'none yet: CreateFunction makes one'}`);
      output.note(`isolation  ${isolation.name}: ${isolation.reason}`);
      output.detail(`memory     ${lambda.memory}`);
      if (faults !== undefined) output.note(`faults     ${faults.text}`);
      const isWatched = values.watch !== false && functions.length > 0;
      if (isWatched) output.note(`watching   ${positionals.join(', ')}`);
      if (names[0] !== undefined) output.note(clientLines(url, names[0], options.region));
      const watching = isWatched ? watchFunctions(functions, lambda, output, signal) : undefined;
      if (!signal.aborted) await once(signal, 'abort');
      await watching;
    } finally {
      await lambda.stop();
    }
  } finally {
    await build.remove();
  }
  return 0;
}
