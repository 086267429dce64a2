import type { FunctionConfiguration } from './function-configuration.ts';
import type { FunctionName } from './function-name.ts';
import { functionArn } from './local-function.ts';
import type { FunctionPool } from './pool.ts';
import { ServiceError } from './service-error.ts';

/** A function that can be called. */
export interface DeployedFunction {
  readonly configuration: FunctionConfiguration;
  readonly pool: FunctionPool;
}

/** All functions of a local Lambda, by name. */
export class FunctionDirectory {
  readonly region: string;
  readonly #functions: ReadonlyMap<string, DeployedFunction>;

  constructor(region: string, functions: ReadonlyMap<string, DeployedFunction>) {
    this.region = region;
    this.#functions = functions;
  }

  list(): readonly DeployedFunction[] {
    return [...this.#functions.values()];
  }

  /**
   * Finds a function; `$LATEST` is the only version there is.
   *
   * @param assumed the qualifier that the operation assumes, which AWS names in its error
   * @throws {ServiceError} `ResourceNotFoundException`
   */
  find({ name, qualifier }: FunctionName, assumed?: '$LATEST'): DeployedFunction {
    const found = this.#functions.get(name);
    if (found === undefined || (qualifier ?? '$LATEST') !== '$LATEST') {
      const arn = functionArn(this.region, name, qualifier ?? assumed);
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`);
    }
    return found;
  }

  /** The ARN under which a call reaches the function: with the qualifier only if the caller gave it. */
  arnOf({ name, qualifier }: FunctionName): string {
    return functionArn(this.region, name, qualifier);
  }
}
