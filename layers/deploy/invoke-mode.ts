import type { FunctionSettings } from '../../runtime/cli/function-settings.ts';

/**
 * How a function URL sends answers.
 *
 * @param settings of the function
 * @returns undefined when it has no URL
 */
export function invokeMode({
  url,
}: Pick<FunctionSettings, 'url'>): 'BUFFERED' | 'RESPONSE_STREAM' | undefined {
  return url === 'none' ? undefined : url === 'stream' ? 'RESPONSE_STREAM' : 'BUFFERED';
}
