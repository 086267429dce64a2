/**
 * Keeps V8 from its last tier of optimisation in this process: compiling code that forwards bytes costs an environment
 * more than the code ever wins back, and most in the slowest hundredth of its first invocations. Not an argument of the
 * command, because V8 would then refuse the code that was compiled into Node, and every start would take 5 ms longer.
 */
export function compileLess(): void {
  process.getBuiltinModule?.('node:v8').setFlagsFromString('--no-turbofan');
}
