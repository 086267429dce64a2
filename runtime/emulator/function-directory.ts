import type { FunctionRecord } from './control/function-record.ts';
import type { FunctionName } from './function-name.ts';
import type { Invocation, Run } from './invocation.ts';
import { functionArn } from './local-function.ts';
import { ServiceError } from './service-error.ts';

/** All functions of a local Lambda, by name. */
export class FunctionDirectory {
  readonly region: string;
  readonly #draw: () => number;
  readonly #functions = new Map<string, FunctionRecord>();

  /**
   * @param region of the ARNs
   * @param draw chooses between the versions of an alias, from 0 up to 1
   */
  constructor(region: string, draw: () => number) {
    this.region = region;
    this.#draw = draw;
  }

  list(): readonly FunctionRecord[] {
    return [...this.#functions.values()];
  }

  get(name: string): FunctionRecord | undefined {
    return this.#functions.get(name);
  }

  has(name: string): boolean {
    return this.#functions.has(name);
  }

  add(record: FunctionRecord): void {
    this.#functions.set(record.name, record);
  }

  remove(name: string): void {
    this.#functions.delete(name);
  }

  /**
   * Finds a function that has what the caller named: itself, a version or an alias.
   *
   * @param assumed the qualifier that the operation assumes, which AWS names in its error
   * @throws {ServiceError} `ResourceNotFoundException`
   */
  find({ name, qualifier }: FunctionName, assumed?: '$LATEST'): FunctionRecord {
    const found = this.#functions.get(name);
    if (found?.describe(qualifier) !== undefined) return found;
    const arn = functionArn(this.region, name, qualifier ?? assumed);
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`);
  }

  /**
   * Runs an invocation in the version that the caller named and that is current in this moment.
   *
   * @throws {ServiceError} what the function cannot be called for
   */
  run(name: FunctionName, invocation: Invocation): Run & { version: string } {
    return this.find(name, '$LATEST').run(name.qualifier ?? '$LATEST', invocation, this.#draw());
  }

  /** The ARN under which a call reaches the function: with the qualifier only if the caller gave it. */
  arnOf({ name, qualifier }: FunctionName): string {
    return functionArn(this.region, name, qualifier);
  }
}
