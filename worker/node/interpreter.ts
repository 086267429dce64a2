/** What a host says of the program that runs it, and which files of a function that program loads. */
export const INTERPRETER = {
  name: 'node',
  version: process.versions.node,
  /** `.js` comes last: where there are several, the names that say what they hold win. */
  bundleEndings: ['.mjs', '.cjs', '.js'],
  /** In Lambda's order. */
  moduleEndings: ['.js', '.mjs', '.cjs'],
};
