/** TypeScript comes after what was made of it. */
export const INTERPRETER = {
  name: 'bun',
  version: process.versions.bun as string,
  bundleEndings: ['.mjs', '.cjs', '.js', '.mts', '.ts'],
  moduleEndings: ['.js', '.mjs', '.cjs', '.ts', '.mts'],
};
