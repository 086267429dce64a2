import { HostError } from './errors.ts';

const KINDS = ['auto', 'handler', 'fetch', 'http'] as const;

/** What a function is: a Lambda handler, a web handler, a server that listens; `auto` looks at what is there. */
export type FunctionKind = (typeof KINDS)[number];

/** What the variables say about how a function is to be served. */
export interface ServeSettings {
  readonly kind: FunctionKind;
  /** Whether answers to HTTP events are streamed: an event does not tell whether its sender takes streams. */
  readonly stream: boolean;
}

/**
 * Reads `PILOTLIGHT_KIND` and `PILOTLIGHT_STREAM`.
 * @param environment - the process's variables
 * @returns the settings
 * @throws HostError `Runtime.SettingInvalid` for another value than those that are known
 */
export function readServeSettings(environment: NodeJS.ProcessEnv): ServeSettings {
  return {
    kind: oneOf(environment, 'PILOTLIGHT_KIND', KINDS),
    stream: oneOf(environment, 'PILOTLIGHT_STREAM', ['off', 'on']) === 'on',
  };
}

/** Unset and empty mean the first. */
function oneOf<T extends string>(
  environment: NodeJS.ProcessEnv,
  name: string,
  allowed: readonly [T, ...T[]],
): T {
  const value = environment[name] || allowed[0];
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new HostError(
    'Runtime.SettingInvalid',
    `Cannot use ${name}="${value}": expected ${allowed.join(', ')}`,
  );
}
