/** TypeScript comes after what was made of it. */
export const INTERPRETER = {
  name: 'deno',
  version: process.versions.deno as string,
  bundleEndings: ['.mjs', '.cjs', '.js', '.mts', '.ts'],
  moduleEndings: ['.js', '.mjs', '.cjs', '.ts', '.mts'],
};
