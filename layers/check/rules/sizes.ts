import { MAX_UNPACKED_BYTES } from '../../../runtime/emulator/sandbox/compose-parts.ts';
import type { Finding } from '../finding.ts';
import type { PartSet } from '../part-set.ts';

/** Lambda takes requests below 69,905,067 bytes, of which base64 leaves this for the zip and the rest of the JSON. */
export const MAX_DIRECT_ZIP_BYTES = 52_428_800;
const NEAR_LIMIT = 0.95;
const MAX_LAYERS = 5;

/** Sizes and numbers that Lambda limits. */
export async function* checkSizes({ name, layers, fn }: PartSet): AsyncGenerator<Finding> {
  const parts = fn === undefined ? layers : [...layers, fn];
  for (const { name: part, zipBytes = 0 } of parts) {
    if (zipBytes > MAX_DIRECT_ZIP_BYTES) {
      yield {
        part,
        code: 'zip-too-large',
        severity: 'warning',
        what: `has ${grouped(zipBytes)} bytes zipped; a request takes at most ${grouped(MAX_DIRECT_ZIP_BYTES)}`,
        onLambda: 'RequestEntityTooLargeException when it is uploaded directly',
        next: 'upload it through S3, or leave out what is not needed',
      };
    } else if (zipBytes > MAX_DIRECT_ZIP_BYTES * NEAR_LIMIT) {
      yield {
        part,
        code: 'zip-near-limit',
        severity: 'warning',
        what: `has ${grouped(zipBytes)} bytes zipped, ${(100 * zipBytes) / MAX_DIRECT_ZIP_BYTES > 99 ? 'over 99' : 'over 95'} % of what a request takes`,
        onLambda: 'nothing yet; the next version may have to go through S3',
        next: 'have a bucket ready',
      };
    }
  }
  const bytes = parts.flatMap(({ files }) => [...files.values()]).reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > MAX_UNPACKED_BYTES) {
    yield {
      part: name,
      code: 'too-large-unzipped',
      severity: 'error',
      what: `the function and its layers have ${grouped(bytes)} bytes unzipped, expected at most ${grouped(MAX_UNPACKED_BYTES)}`,
      onLambda: `InvalidParameterValueException: Function code combined with layers exceeds the maximum allowed size of ${MAX_UNPACKED_BYTES} bytes`,
      next: 'leave out a layer, or what the function does not need',
    };
  }
  if (layers.length > MAX_LAYERS) {
    yield {
      part: name,
      code: 'too-many-layers',
      severity: 'error',
      what: `has ${layers.length} layers, expected at most ${MAX_LAYERS}`,
      onLambda: `InvalidParameterValueException: Cannot reference more than ${MAX_LAYERS} layers`,
      next: 'put two of them into one zip',
    };
  }
}

function grouped(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
