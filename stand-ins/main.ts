// What `npm start` runs, after the build.
import { fileURLToPath } from 'node:url';
import { runLocal } from './run-local.ts';

await runLocal(process, fileURLToPath(new URL('..', import.meta.url)));
