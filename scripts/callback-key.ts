// Prints the key with which a receiver verifies callbacks: `npm run callback-key -- https://hooks.example.com/…`. While the
// secret is rotated there are several, the newest first.
import { readFile } from 'node:fs/promises';
import { callbackKey, parseCallbackSecrets } from '../src/webhook/callback-secret.ts';

const usage =
  'npm run callback-key -- URL      CALLBACK_SECRET has the secret; without it, that of `npm start` is taken.';

/** As `npm start` keeps it. */
async function localSecret(port = '7071'): Promise<string | undefined> {
  const file = new URL(`../.data/${port}/callback-secret`, import.meta.url);
  return readFile(file, 'utf8').catch(() => undefined);
}

const [url = ''] = process.argv.slice(2);
const { CALLBACK_SECRET: given, PORT: port } = process.env;
const text = given || (await localSecret(port));
const secrets = text === undefined ? undefined : parseCallbackSecrets(text);
if (!URL.canParse(url)) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
} else if (secrets) {
  for (const secret of secrets) process.stdout.write(`${callbackKey(secret, new URL(url).origin)}\n`);
} else {
  process.stderr.write('CALLBACK_SECRET is missing, or is no whsec_ and base64.\n');
  process.exitCode = 2;
}
