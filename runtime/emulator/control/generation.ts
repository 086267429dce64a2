import type { FunctionPool } from '../pool.ts';
import type { FunctionSpec } from './function-spec.ts';

/** A state of a function that can be called: what it is made from, unpacked, with environments of its own. */
export interface Generation {
  readonly spec: FunctionSpec;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly pool: FunctionPool;
  /** Lets what runs come to its end, then removes what no other generation has. */
  discard(): Promise<void>;
}
