/**
 * A name as the Serverless Framework puts it into the names of resources: `php-8` becomes `PhpDash8`.
 *
 * @param name of a function or layer
 */
export function serverlessId(name: string): string {
  return `${name[0]?.toUpperCase()}${name.slice(1)}`.replaceAll('-', 'Dash').replaceAll('_', 'Underscore');
}
