import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { MAX_DIRECT_ZIP_BYTES } from '../check/rules/sizes.ts';
import type { DeployTools } from './deploy-tools.ts';
import type { LocalZip } from './local-zip.ts';
import { orUndefined } from './or-undefined.ts';
import { tryWhile } from './try-while.ts';

/** The rest of the JSON of a request: names, digests, descriptions. */
const OTHER_JSON_BYTES = 8192;
/** How long an upload is begun anew for. */
const UPLOAD_LIMIT_MS = 120_000;
/** The SDK sends a stream in the pieces that it comes in, and frames each. */
const PIECE_BYTES = 1 << 20;
/** The SDK would warn on the console that it does not send a stream again. */
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

/** Where the Lambda API finds a zip: in the request, or in a bucket. */
export type ZipPlace =
  | { readonly ZipFile: Uint8Array }
  | { readonly S3Bucket: string; readonly S3Key: string };

/**
 * Makes a zip available to the Lambda API. One that is too large for a request goes through the bucket, under a name
 * made of its digest, so that an upload that was complete is not done again.
 *
 * @param zip the zip
 * @param tools what it works with
 * @throws {ToolError} `USAGE` when the zip is too large and there is no bucket
 */
export async function placeZip(
  zip: LocalZip,
  { bucket, settings, signal, note }: DeployTools,
): Promise<ZipPlace> {
  if (zip.bytes <= MAX_DIRECT_ZIP_BYTES - OTHER_JSON_BYTES) return { ZipFile: await readFile(zip.path) };
  if (bucket === undefined) {
    throw new ToolError('USAGE', `Cannot upload "${zip.path}" directly: it has ${zip.bytes} bytes`, {
      next: 'name a bucket of the same region with --bucket',
    });
  }
  const { HeadObjectCommand, PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
  const { isThrottlingError, isTransientError } = await import('@smithy/core/retry');
  const client = new S3Client({
    ...settings,
    forcePathStyle: settings.endpoint !== undefined,
    logger: QUIET,
  });
  const place = { S3Bucket: bucket, S3Key: `pilotlight/${zip.sha256}/${basename(zip.path)}` };
  const object = { Bucket: bucket, Key: place.S3Key };
  try {
    const there = await orUndefined(client.send(new HeadObjectCommand(object)));
    if (there?.ContentLength === zip.bytes) {
      note(`${basename(zip.path)} is in the bucket already`);
      return place;
    }
    // A stream is read once, so the SDK cannot send it again by itself.
    const isForNow = (error: Error) =>
      [isThrottlingError, isTransientError].some((is) => is(error as Parameters<typeof is>[0]));
    await tryWhile(isForNow, UPLOAD_LIMIT_MS, signal, () => {
      const Body = Readable.from(measured(zip, note), { objectMode: false });
      const upload = new PutObjectCommand({ ...object, Body, ContentLength: zip.bytes });
      return client.send(upload, { abortSignal: signal });
    });
    return place;
  } finally {
    client.destroy();
  }
}

async function* measured({ path, bytes }: LocalZip, note: DeployTools['note']): AsyncGenerator<Buffer> {
  let [sentBytes, told] = [0, 0];
  for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>) {
    sentBytes += chunk.length;
    const percent = Math.floor((100 * sentBytes) / bytes);
    if (percent >= told + 10) note(`uploading ${basename(path)}: ${percent} %`);
    told = Math.max(told, percent - (percent % 10));
    yield chunk;
  }
}
