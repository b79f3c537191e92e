import { writeBesideShare } from '../share/write-beside-share.ts';
import type { Stored } from '../ports/check-store.ts';
import type { EndedCheck, OpenCheck } from './check.ts';
import { type CloseDeps, publishAndClose } from './outbox.ts';

export interface EndDeps extends CloseDeps {
  /** Is told of each end, once: alerts are made of it. */
  readonly onEnded: (check: EndedCheck) => void;
}

/**
 * Writes the end of a check and closes it. All ends are written here, so that none is left untold. `undefined`: another
 * writer was first, and nothing ended here.
 * docs/decisions.md#an-end-is-told-where-it-is-written
 */
export async function endCheck(
  deps: EndDeps,
  stored: Stored<OpenCheck>,
  end: EndedCheck,
  answer?: string,
): Promise<EndedCheck | undefined> {
  const written = await writeBesideShare(deps, stored, end, answer);
  if (!written) return undefined;
  deps.onEnded(written.check);
  await publishAndClose(deps, written);
  return written.check;
}
