// Deno's way in: of a CommonJS file that it begins with it would read all that is loaded later, too.
import { createRequire } from 'node:module';

createRequire(import.meta.url)('./bootstrap.cjs');
