import type { DefectRow } from './defect.ts';

const RESTORE = "await send('GET', '/restore/next', {});";
const SERVE = '    await serveNext(handler);';
const REPORT = '  await postError(errorPath, {}, error);';
const REGISTER = "if (process.listenerCount('SIGTERM') > 0) await register();";

/** Mistakes round snapshots and in the registration as an extension. */
export const LIFECYCLE_DEFECTS: readonly DefectRow[] = [
  [
    'the wait for the restore is repeated behind each event',
    'snapshot-restore-once',
    SERVE,
    `${SERVE}\n    if (errorPath !== '/init/error') ${RESTORE}`,
  ],
  [
    'every environment waits for a restore',
    'snapshot-not-asked',
    "process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start'",
    'true',
  ],
  [
    'a refused wait is repeated',
    'snapshot-refused',
    `    ${RESTORE}`,
    "    while ((await send('GET', '/restore/next', {})).status !== 200);",
  ],
  [
    'a function that fails to load waits for the restore too',
    'snapshot-init-fails',
    REPORT,
    `  if (handler === undefined && process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'snap-start') ${RESTORE}\n${REPORT}`,
  ],
  [
    'hooks before a snapshot run from the first',
    'snapshot-hooks-in-order',
    'hooks.before.unshift(hook)',
    'hooks.before.push(hook)',
  ],
  [
    'a hook that fails before the snapshot is only logged',
    'snapshot-before-fails',
    '    await run(hooks.before);',
    '    await run(hooks.before).catch(console.error);',
  ],
  [
    'a hook that fails after the restore is told as an init error',
    'snapshot-after-fails',
    "    errorPath = '/restore/error';\n",
    '',
  ],
  ['every function is registered', 'extension-only-with-hook', REGISTER, 'await register();'],
  [
    'it registers again behind each event',
    'extension-before-poll',
    SERVE,
    `${SERVE}\n    if (process.listenerCount('SIGTERM') > 1) send('POST', EXTENSION + '/register', {}).catch(() => {});`,
  ],
  ['SHUTDOWN is asked for', 'extension-events', '{"events":[]}', '{"events":["SHUTDOWN"]}'],
  [
    'the first event is asked for under another identifier',
    'extension-next',
    "const identifier = headers['lambda-extension-identifier'];",
    "const identifier = 'kit';",
  ],
  [
    'a refused registration is repeated',
    'extension-refused',
    'if (status !== 200) return;',
    'register.tries = (register.tries ?? 0) + 1;\n  if (status !== 200) return register.tries < 3 ? register() : undefined;',
  ],
  [
    'the function is not told of SIGTERM',
    'extension-hook-runs',
    "process.on('SIGTERM', () => {",
    "process.removeAllListeners('SIGTERM').on('SIGTERM', () => {",
  ],
];
