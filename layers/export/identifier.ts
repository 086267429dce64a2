/**
 * Makes a word from words, as classes and resources of CloudFormation are called: `lua-jit` becomes `LuaJit`.
 *
 * @param words with anything between them
 */
export function pascalCase(words: string): string {
  const parts = words.split(/[^a-zA-Z0-9]+/).filter((part) => part !== '');
  return parts.map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}`).join('');
}

/**
 * Makes a word from words, as variables of TypeScript are called: `lua-jit` becomes `luaJit`.
 *
 * @param words with anything between them
 */
export function camelCase(words: string): string {
  const word = pascalCase(words);
  return `${word[0]?.toLowerCase()}${word.slice(1)}`;
}

/**
 * Makes a word from words, as resources of Terraform are called: `lua-jit` becomes `lua_jit`.
 *
 * @param words with anything between them
 */
export function snakeCase(words: string): string {
  return words.replaceAll(/[^a-zA-Z0-9]+/g, '_');
}
