import type { LogStore } from '../cloudwatch/log-store.ts';
import type { Deployer } from '../deploy.ts';
import type { FunctionDirectory } from '../function-directory.ts';
import type { FunctionUrls } from '../function-url/function-urls.ts';
import type { CodeStore } from './code-store.ts';
import type { LayerStore } from './layer-store.ts';
import type { OnReplaced } from './replacement.ts';

/** All that the Lambda API tells of and changes. */
export interface Control {
  readonly functions: FunctionDirectory;
  readonly deployer: Deployer;
  readonly codes: CodeStore;
  readonly layers: LayerStore;
  readonly urls: FunctionUrls;
  readonly logs: LogStore;
  readonly onReplaced: OnReplaced;
}
