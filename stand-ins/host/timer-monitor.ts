import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '../kept/replace-file.ts';

const notedSchema = z.record(z.string(), z.object({ last: z.coerce.date(), next: z.coerce.date().nullable() }));

/** When a timer ran last and is due next. */
export type Noted = z.infer<typeof notedSchema>[string];

/** Knows of each timer, by its name, what was noted last, so that the next start sees a run that was missed. */
export interface TimerMonitor {
  read(name: string): Noted | undefined;
  write(name: string, noted: Noted): void;
}

/** Keeps its notes in the file, in place of the blobs of the Functions host; without a file they end with the process. */
export function createTimerMonitor(file?: string): TimerMonitor {
  const noted = new Map(Object.entries(file === undefined ? {} : readNotes(file)));
  return {
    read: (name) => noted.get(name),
    write(name, note) {
      noted.set(name, note);
      if (file === undefined) return;
      replaceFile(file, JSON.stringify(Object.fromEntries(noted)));
    },
  };
}

function readNotes(file: string): z.infer<typeof notedSchema> {
  try {
    return notedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: delete it, and the timers begin anew.`, { cause: error });
  }
}
