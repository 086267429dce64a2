import { ToolError } from '../../runtime/cli/tool-error.ts';

/**
 * Parses a package's manifest.
 *
 * @param text its content
 * @param path where it was read, for the error
 * @throws {ToolError} `BUILD_FAILED` when it is not JSON
 */
export function parseManifest(text: string, path: string) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ToolError('BUILD_FAILED', `Cannot read "${path}": ${(error as Error).message}`, {
      next: 'mend it, or install its package anew',
      cause: error,
    });
  }
}
