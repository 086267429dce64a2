import type { DesiredLayer } from './desired.ts';

/**
 * How a version of a layer is found again: what its zip is, for whoever looks at the list.
 *
 * @param layer the layer
 */
export function layerDescription({ part, sha256 }: Pick<DesiredLayer, 'part' | 'sha256'>): string {
  return `pilotlight ${part} sha256:${sha256}`;
}
