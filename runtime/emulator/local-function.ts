import type { FunctionSettings } from '../cli/function-settings.ts';

/** A function as it would be deployed: its parts as zips, and its settings. */
export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** Paths of layer zips, in the order in which they are laid over `/opt`. */
  readonly layers: readonly string[];
  /** Path of the function zip. */
  readonly code: string;
  /** Path of a source map that is laid beside the bundle. */
  readonly sourceMap?: string | undefined;
}

/** AWS's own example account, so that nobody takes an ARN for a real one. */
export const ACCOUNT = '123456789012';

/**
 * The ARN of a local function.
 *
 * @param region such as `us-east-1`
 * @param name of the function
 * @param qualifier version or alias, when the caller named one
 */
export function functionArn(region: string, name: string, qualifier?: string): string {
  const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}
