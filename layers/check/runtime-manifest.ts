import { z } from 'zod';
import { type CheckedPart, RUNTIME_MANIFEST } from './part-files.ts';

const SCHEMA = z.object({ version: z.string(), protocol: z.int() });

/** What the runtime layer says of itself, or why that cannot be understood. */
export type RuntimeManifest = z.infer<typeof SCHEMA> | { readonly unreadable: string };

/**
 * Reads what a runtime layer says of itself.
 *
 * @param part any part
 * @returns undefined where the part says nothing, since it is another
 */
export async function readRuntimeManifest({ files }: CheckedPart): Promise<RuntimeManifest | undefined> {
  const content = await files.get(RUNTIME_MANIFEST)?.read();
  if (content === undefined) return undefined;
  try {
    return SCHEMA.parse(JSON.parse(content.toString('utf8')));
  } catch (error) {
    return { unreadable: error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message };
  }
}
