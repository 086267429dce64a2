import type * as V8 from 'node:v8';

/** The flags and what they are without us are those of V8 13.6, which Node 24 has (`node --v8-options`). */
const V8_VERSION = '13.6.';
const FLAGS = [
  { name: 'invocation-count-for-maglev', early: 100, usual: 400 },
  { name: 'minimum-invocations-after-ic-update', early: 100, usual: 500 },
] as const;
/**
 * Not before: loading what sets flags takes half a millisecond, the first invocation is waited for, and what that one
 * loads of Node would be compiled anew. Two rehearsals come before it.
 */
const BEGIN = 4;
/** What runs in every invocation is optimised by then. */
const END = 1_000;

let steps = process.versions.v8.startsWith(V8_VERSION) ? 0 : END;

/**
 * Has V8 optimise what runs in every invocation after a hundred of them instead of after nearly a thousand; to be called
 * for each. An environment often lives no longer, and of the compilations that come later each is in the way of some
 * invocation: they are most of its p99. Not by the command line: V8 takes no code that was compiled with other flags, so
 * each start would compile what Node ships compiled, 7 ms. For the same reason the flags are put back.
 */
export function optimizeEarly(): void {
  if (steps === END) return;
  steps += 1;
  if (steps === BEGIN) setFlags('early');
  else if (steps === END) setFlags('usual');
}

function setFlags(kind: 'early' | 'usual'): void {
  const { setFlagsFromString }: typeof V8 = process.getBuiltinModule('node:v8');
  for (const flag of FLAGS) setFlagsFromString(`--${flag.name}=${flag[kind]}`);
}
