/** The one thing this function knows. */
export function greet(name = 'world'): { greeting: string } {
  return { greeting: `Hello, ${name}` };
}
