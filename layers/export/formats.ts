import { renderCdk } from './cdk.ts';
import { renderCloudFormation } from './cloudformation.ts';
import { renderCommands } from './commands.ts';
import { renderSam } from './sam.ts';
import { renderServerless } from './serverless.ts';
import { renderTerraform } from './terraform.ts';

/** What an export can be, each with what writes it. */
export const FORMATS = {
  cloudformation: renderCloudFormation,
  sam: renderSam,
  serverless: renderServerless,
  terraform: renderTerraform,
  cdk: renderCdk,
  commands: renderCommands,
} as const;
export type FormatName = keyof typeof FORMATS;
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];
