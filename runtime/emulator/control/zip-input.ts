import { z } from 'zod';
import { MAX_UNPACKED_BYTES } from '../sandbox/compose-parts.ts';
import { unpackedBytes } from '../sandbox/unzip.ts';
import { invalidParameter } from './refusals.ts';

/** Where a zip comes from, in the words of all operations that take one. */
export const ZIP_INPUT = {
  ZipFile: z.base64().optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  ImageUri: z.string().optional(),
} as const;

/**
 * Takes the zip out of an operation's input.
 *
 * @throws {ServiceError} `InvalidParameterValueException` when it is elsewhere: nothing but the request is looked at
 */
export function zipIn(input: z.infer<z.ZodObject<typeof ZIP_INPUT>>): Buffer {
  if (input.S3Bucket !== undefined || input.S3Key !== undefined) {
    throw invalidParameter('The local Lambda has no S3: send the code as ZipFile, not as S3Bucket and S3Key');
  }
  if (input.ImageUri !== undefined) {
    throw invalidParameter(
      'The local Lambda runs no container images: send the code as ZipFile, not as ImageUri',
    );
  }
  if (input.ZipFile === undefined) throw invalidParameter('Please provide a source for function code.');
  return Buffer.from(input.ZipFile, 'base64');
}

/**
 * Fails when zips are not readable, or too large together once they are unpacked.
 *
 * @param zips their paths
 * @throws {ServiceError} `InvalidParameterValueException`
 */
export async function requireUnpackable(zips: readonly string[]): Promise<void> {
  let bytes = 0;
  for (const zip of zips) {
    bytes += await unpackedBytes(zip).catch(() => {
      throw invalidParameter(
        'Could not unzip uploaded file. Please check your file, then try to upload again.',
      );
    });
  }
  if (bytes > MAX_UNPACKED_BYTES) {
    throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNPACKED_BYTES} bytes`);
  }
}
