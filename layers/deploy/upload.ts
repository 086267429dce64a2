import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ToolError } from '../../runtime/cli/tool-error.ts';
import { MAX_DIRECT_ZIP_BYTES } from '../check/rules/sizes.ts';
import type { DeployTools } from './deploy-tools.ts';
import { orUndefined } from './deployed.ts';
import type { LocalZip } from './local-zip.ts';

/** The rest of the JSON of a request: names, digests, descriptions. */
const OTHER_JSON_BYTES = 8192;

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
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  const place = { S3Bucket: bucket, S3Key: `pilotlight/${zip.sha256}/${basename(zip.path)}` };
  const object = { Bucket: bucket, Key: place.S3Key };
  try {
    const there = await orUndefined(client.send(new HeadObjectCommand(object)));
    if (there?.ContentLength === zip.bytes) {
      note(`${basename(zip.path)} is in the bucket already`);
      return place;
    }
    const Body = createReadStream(zip.path);
    let [sentBytes, told] = [0, 0];
    Body.on('data', (chunk) => {
      sentBytes += chunk.length;
      const percent = Math.floor((100 * sentBytes) / zip.bytes);
      if (percent >= told + 10) note(`uploading ${basename(zip.path)}: ${percent} %`);
      told = Math.max(told, percent - (percent % 10));
    });
    const upload = new PutObjectCommand({ ...object, Body, ContentLength: zip.bytes });
    await client.send(upload, { abortSignal: signal });
    return place;
  } finally {
    client.destroy();
  }
}
