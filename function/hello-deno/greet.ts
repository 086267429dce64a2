export interface Greeting {
  readonly greeting: string;
  readonly by: string;
}

/** Puts a name into a text such as `Hello, {name}`. */
export function greet(text: string, name: string, by: string): Greeting {
  return { greeting: text.replace('{name}', name), by };
}
