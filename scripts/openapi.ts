// Writes the OpenAPI document into a file, as `GET /api/openapi.json` answers it: for a linter, or to generate a client.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openApiDocument } from '../src/http/openapi/document.ts';

const [file = 'out/openapi.json', publicUrl = 'https://netcheck.contoso.com'] = process.argv.slice(2);
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${JSON.stringify(openApiDocument({ publicUrl }), null, 2)}\n`);
