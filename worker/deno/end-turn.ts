/** What Deno is made with, of which it says nothing. */
interface Inside {
  readonly internal?: symbol;
  readonly [key: symbol]: { readonly core?: { readonly runNextTicks?: () => void } } | undefined;
}

const inside: Inside = Reflect.get(globalThis, 'Deno');

/** As Node's `_tickCallback`; should it be gone one day, each outcome waits for the next turn. */
export const endTurn = inside.internal && inside[inside.internal]?.core?.runNextTicks;
