import { readFile } from 'node:fs/promises';

/** A file that was built beside the app; undefined in a build without it. */
export async function readBuilt(file: URL): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
