import type { DefectRow } from './defect.ts';

const WRITE = '    if (LEVELS[level] >= leastLevel) write(level, message);';
const WANTED = '    if (LEVELS[level] >= leastLevel)';
const LINE = 'descriptor === 1 ? endLine(line) :';

/** Mistakes in log lines, their formats and frames. */
export const LOG_DEFECTS: readonly DefectRow[] = [
  ['lines are cut at 64 KiB', 'log-lines-whole', LINE, 'descriptor === 1 ? endLine(line.slice(0, 65_536)) :'],
  [
    'a line is written twice',
    'log-lines-in-order',
    WRITE,
    `${WRITE}\n    globalThis.lines = (globalThis.lines ?? 0) + 1;\n    if (globalThis.lines === 50) write(level, message);`,
  ],
  [
    'errors are written later',
    'log-lines-before-poll',
    WRITE,
    `${WANTED} {\n      if (level === 'error' && !isJson && descriptor === 1) setTimeout(write, 300, level, message);\n      else write(level, message);\n    }`,
  ],
  [
    'lines are written in a turn of their own',
    'log-lines-of-exit',
    WRITE,
    `${WANTED} {\n      if (descriptor === 1 && !isJson) setImmediate(write, level, message);\n      else write(level, message);\n    }`,
  ],
  [
    'lines have no end while several events run',
    'log-lines-apart',
    LINE,
    'descriptor === 1 ? running > 1 ? line : endLine(line) :',
  ],
  [
    'times are numbers',
    'log-json-members',
    'const timestamp = new Date().toISOString();',
    'const timestamp = Date.now();',
  ],
  [
    'all lines have the id of the first event',
    'log-json-request-id',
    'scope.run(id,',
    'scope.run((globalThis.firstId ??= id),',
  ],
  [
    'line ends become blanks',
    'log-json-escapes',
    'requestId: scope.getStore(), message })',
    "requestId: scope.getStore(), message: message.replaceAll('\\n', ' ') })",
  ],
  [
    'lines of all levels are written',
    'log-json-level',
    'LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL?.toLowerCase()] ?? 0',
    '0',
  ],
  [
    'a level has a name of its own',
    'log-json-level-names',
    'const named = level.toUpperCase();',
    "const named = level === 'warn' ? 'NOTICE' : level.toUpperCase();",
  ],
  ['all frames have the level TRACE', 'log-frame-type', ') | LEVELS[level]) >>> 0', ') | 4) >>> 0'],
  [
    'the length of a frame counts characters',
    'log-frame-length',
    'Buffer.alloc(16 + Buffer.byteLength(text))',
    'Buffer.alloc(16 + text.length)',
  ],
  ['frames have milliseconds', 'log-frame-time', 'BigInt(Date.now()) * 1000n', 'BigInt(Date.now())'],
  [
    'each line of a message is a frame',
    'log-frame-line-ends',
    ': frameOf(level, line));',
    ": Buffer.concat(line.split('\\n').map((part) => frameOf(level, part))));",
  ],
  [
    'lines go to both places',
    'log-frame-alone',
    'function write(level, message) {',
    'function write(level, message) {\n  if (descriptor !== 1) writeSync(1, endLine(message));',
  ],
  [
    'frames of JSON say that they are text',
    'log-frame-json',
    'isJson ? 0xa55a0002 : 0xa55a0003',
    'isJson ? 0xa55a0003 : 0xa55a0003',
  ],
];
