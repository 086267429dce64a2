/** JavaScriptCore has no such choice. */
export async function compileAll<Module>(_file: string, load: () => Promise<Module>): Promise<Module> {
  return await load();
}
