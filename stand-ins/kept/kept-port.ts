import { readFileSync } from 'node:fs';
import { claimLastingPort, isFree } from '../server/claim-port.ts';
import { replaceFile } from './replace-file.ts';

interface KeptPort {
  readonly port: number;
  /** The port that was kept and is somebody else's now. */
  readonly lost?: number;
}

/** The port that is kept in the file, so that a server has the same address after a restart; else a free one, kept from now on. */
export async function keptPort(file: string): Promise<KeptPort> {
  const kept = readPort(file);
  const lost = kept !== undefined && !(await isFree(kept)) ? { lost: kept } : {};
  if (kept !== undefined && !('lost' in lost)) return { port: kept };
  const port = await claimLastingPort();
  replaceFile(file, String(port));
  return { port, ...lost };
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
