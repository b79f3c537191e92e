// Writes the tables of docs/verdicts.md from those in src: `node --import tsx scripts/verdict-tables.ts`.
import { readFile, writeFile } from 'node:fs/promises';
import { withVerdictTables } from './verdicts/verdict-tables.ts';

const file = new URL('../docs/verdicts.md', import.meta.url);
await writeFile(file, withVerdictTables(await readFile(file, 'utf8')));
