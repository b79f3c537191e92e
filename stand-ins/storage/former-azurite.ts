import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { replaceFile } from '../kept/replace-file.ts';

/** Longer than an Azurite takes to end whose parent is gone. */
const END_MS = 10_000;
const LOOK_MS = 50;

const ownerSchema = z.object({ parent: z.number(), azurite: z.number() });

const fileIn = (folder: string): string => join(folder, 'process.json');

/** Notes whose Azurite works in the folder. */
export function noteAzurite(folder: string, azurite: number): void {
  replaceFile(fileIn(folder), JSON.stringify({ parent: process.pid, azurite }));
}

/**
 * Waits for the end of an Azurite whose parent was killed: it still writes what it holds, and whoever read the folder
 * sooner would miss that, and lose it.
 */
export async function formerAzuriteEnded(folder: string): Promise<void> {
  const former = readOwner(folder);
  if (!former || isAlive(former.parent)) return;
  for (let waited = 0; isAlive(former.azurite) && waited < END_MS; waited += LOOK_MS) await wait(LOOK_MS);
}

function readOwner(folder: string): z.infer<typeof ownerSchema> | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process has the number now.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
