/** The smallest function: greets, and logs what it was sent. `{"action":"kill"}` ends the worker, to see what follows. */
export async function handler(event) {
  console.log(JSON.stringify(event));
  if (event?.action === 'kill') process.exit(1);
  return { greeting: 'Hello from pilotlight' };
}
