import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The text that is kept in the folder under that name; made at the first call, and readable by its owner only. */
export async function keptSecret(folder: string, name: string, make: () => Promise<string>): Promise<string> {
  const file = join(folder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = await make();
  await writeFile(file, secret, { mode: 0o600, flag: 'wx' });
  return secret;
}
