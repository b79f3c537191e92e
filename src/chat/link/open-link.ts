import { secondsAfter } from '../../contract/time.ts';
import type { Links } from '../ports/links.ts';
import type { ChatRequest } from '../request.ts';
import { hashOfCode } from './link.ts';

export interface OpenLinkDeps {
  readonly links: Links;
  readonly publicUrl: string;
  /** 128 random bits, in letters that a URL takes. */
  readonly newCode: () => string;
  readonly now: () => Date;
}

const CODE_SECONDS = 600;

/** Where a person confirms that an account is theirs. A code that it had before is worth nothing any more. Throws `StorageUnavailable`. */
export async function openLink(
  { links, publicUrl, newCode, now }: OpenLinkDeps,
  { account, name, teamName, place }: Pick<ChatRequest, 'account' | 'name' | 'teamName' | 'place'>,
): Promise<string> {
  const code = newCode();
  await links.openCode({
    codeHash: hashOfCode(code),
    ...{ account, place },
    ...(name !== undefined && { name }),
    ...(teamName !== undefined && { teamName }),
    until: secondsAfter(now(), CODE_SECONDS).toISOString(),
  });
  return `${publicUrl}/#/link/${code}`;
}
