import {
  type FunctionConfiguration,
  type LambdaClient,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import { isSame } from './is-same.ts';

const LATEST = '$LATEST';
export const CODE_KEYS = ['CodeSha256', 'Architectures'] as const;
export const SETTING_KEYS = [
  ...(['Handler', 'MemorySize', 'Timeout'] as const),
  ...(['Environment', 'Layers', 'LoggingConfig'] as const),
];
/** What of a version its users would notice. */
const OBSERVED: readonly (keyof FunctionConfiguration)[] = [...CODE_KEYS, ...SETTING_KEYS];

/** All states of a function that can be called. */
export interface Versions {
  /** What is changed by an update. */
  readonly current: FunctionConfiguration;
  /** What does not change any more, the oldest first. */
  readonly published: readonly FunctionConfiguration[];
}

/**
 * Lists the versions of a function.
 *
 * @param client of the Lambda API
 * @param name the function's name
 */
export async function listVersions(client: LambdaClient, name: string): Promise<Versions> {
  const listed: FunctionConfiguration[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: name })) {
    listed.push(...Versions);
  }
  return {
    current: listed.find(({ Version }) => Version === LATEST) ?? {},
    published: listed
      .filter(({ Version }) => Version !== LATEST)
      .toSorted((a, b) => Number(a.Version) - Number(b.Version)),
  };
}

/**
 * Finds the newest version that is what an update would change.
 *
 * @returns its number; undefined when what runs now was never published
 */
export function currentVersion({ current, published }: Versions): string | undefined {
  return published.findLast((version) => isSameVersion(version, current))?.Version;
}

/**
 * Whether the users of two versions would notice no difference.
 *
 * @param keys what is looked at
 */
export function isSameVersion(
  a: FunctionConfiguration,
  b: FunctionConfiguration,
  keys: readonly (keyof FunctionConfiguration)[] = OBSERVED,
): boolean {
  return keys.every((key) => isSame(a[key], b[key]));
}
