import { type CompiledLanguage, compile, isCompiled } from '../conformance/subjects/compile.ts';
import type { Step } from './step.ts';

/** Compile the conformance kit's handlers: with the official clients for Go and Rust, with our shard for Crystal. */
export const kitHandlers: readonly Step[] = [stepFor('go'), stepFor('rust'), stepFor('crystal')];

function stepFor(language: CompiledLanguage): Step {
  const name = `kit-${language}` as const;
  return {
    name: `the conformance kit's handler (${language})`,
    missing: () => (isCompiled(language) ? [] : [name]),
    async install({ signal }) {
      await compile(language, signal);
    },
  };
}
