import type { DesiredLayer } from './desired.ts';

/**
 * How a version of a layer is found again: what its zip is, for whoever looks at the list.
 *
 * @param layer the layer
 */
export function layerDescription({ part, sha256 }: Pick<DesiredLayer, 'part' | 'sha256'>): string {
  return `pilotlight ${part} sha256:${sha256}`;
}

/**
 * Whether a version of a layer was published by a deployment.
 *
 * @param description of the version
 */
export function isOwnLayer(description: string): boolean {
  return /^pilotlight \w+ sha256:[0-9a-f]{64}$/.test(description);
}
