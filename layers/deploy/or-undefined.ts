import { ResourceNotFoundException } from '@aws-sdk/client-lambda';

/**
 * Settles with undefined where the service knows no such thing.
 *
 * @param answer of the service
 */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    // IAM and S3 have names of their own for the same.
    if (/^(?:NoSuchEntity|NotFound|NoSuchKey)/.test((error as Error).name)) return undefined;
    throw error;
  }
}
