import type { ProgramName } from './needs.ts';
import { useControl } from './use-control.ts';
import { useMoto } from './use-moto.ts';

/** One that answers as AWS Lambda does, without AWS. */
export interface LambdaApi {
  readonly name: string;
  readonly programs: readonly ProgramName[];
  /** Functions run there, and their code can be had back. */
  readonly runs: boolean;
  /** Roles and buckets are there too. */
  readonly hasIamAndS3: boolean;
  /** Starts it for all tests of a `describe`. */
  use(): { readonly url: string };
}

export const LAMBDA_APIS: readonly LambdaApi[] = [
  {
    name: 'the local Lambda',
    programs: [],
    runs: true,
    hasIamAndS3: false,
    use: () => {
      const control = useControl();
      return {
        get url() {
          return control.lambda.url;
        },
      };
    },
  },
  { name: 'moto', programs: ['moto'], runs: false, hasIamAndS3: true, use: useMoto },
];
