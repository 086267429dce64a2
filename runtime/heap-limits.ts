/** Limits of a worker's heap. */
export interface HeapLimits {
  /** Of the old generation, where what lives on ends up. */
  readonly heapMiB: number;
  /** Of each of the three parts of the young generation. */
  readonly semiSpaceMiB: number;
}

/** The bootstrap, and what the worker's program takes beside its heap: code, stacks, libraries. */
const PROGRAMS_MIB = 64;
/** Below this Node does not start. */
const MIN_HEAP_MIB = 48;
/** Node's own limit. By itself it would hold with 128 MB too, and let the kernel end the worker before V8 can tell why. */
const MAX_SEMI_SPACE_MIB = 64;

/**
 * What of a function's memory is the heap of each worker. An eighth is left for the young generation, for buffers and
 * for what grows with the heap. `bootstrap.sh` reckons the same.
 *
 * @param functionMiB the function's memory
 * @param workers how many share it
 */
export function heapLimits(functionMiB: number, workers: number): HeapLimits {
  const memoryMiB = Math.floor(functionMiB / workers);
  // V8 rounds up to a power of two.
  const semiSpaceMiB = 2 ** Math.floor(Math.log2(memoryMiB / 32));
  return {
    heapMiB: Math.max(MIN_HEAP_MIB, memoryMiB - Math.floor(memoryMiB / 8) - PROGRAMS_MIB),
    semiSpaceMiB: Math.min(MAX_SEMI_SPACE_MIB, Math.max(1, semiSpaceMiB)),
  };
}
