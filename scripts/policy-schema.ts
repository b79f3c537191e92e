// Writes docs/policy.schema.json from the schema that reads the policy: `node --import tsx scripts/policy-schema.ts`.
import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { policyJsonSchema } from '../src/policy/document/policy-json-schema.ts';

const file = new URL('../docs/policy.schema.json', import.meta.url);
await writeFile(file, await format(JSON.stringify(policyJsonSchema()), { parser: 'json', printWidth: 120 }));
