import { errorOf, objectOf } from '../../../client/answer.ts';
import { NetcheckError } from '../../../client/netcheck-error.ts';

/** A chat account, as the chat tells of it. */
export interface ChatAccount {
  readonly chat: string;
  readonly team: string;
  readonly teamName?: string | undefined;
  readonly user: string;
  readonly name: string;
  readonly email?: string | undefined;
}

/** An account that waits for somebody to say that it is theirs. */
export interface OpenLink extends ChatAccount {
  /** When the code ends. */
  readonly until: string;
  /** For how long a link would hold. */
  readonly days: number;
}

/** An account that acts for a person. */
export interface ChatLink extends ChatAccount {
  readonly id: string;
  readonly requester: { readonly id: string; readonly name: string };
  readonly roles: readonly string[];
  readonly linkedAt: string;
  readonly until: string;
}

/** The calls about chat accounts, which programs have no use for: somebody has to look. */
export interface ChatLinks {
  readonly preview: (code: string, signal: AbortSignal) => Promise<OpenLink>;
  readonly confirm: (code: string, signal: AbortSignal) => Promise<ChatLink>;
  /** `undefined` where chat is not set up. */
  readonly list: (signal: AbortSignal) => Promise<readonly ChatLink[] | undefined>;
  readonly remove: (id: string, signal: AbortSignal) => Promise<ChatLink>;
}

interface Deps {
  /** Address of the proxy, without a slash behind. */
  readonly url: string;
  readonly token: () => Promise<string>;
}

const LONGEST_MILLISECONDS = 30_000;

export function createChatLinks({ url, token }: Deps): ChatLinks {
  async function send<T extends object>(method: string, path: string, signal: AbortSignal, body?: object): Promise<T> {
    const headers = {
      authorization: `Bearer ${await token()}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(`${url}/api/chat/links${path}`, {
      ...{ method, headers, redirect: 'error', cache: 'no-store' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MILLISECONDS)]),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new NetcheckError('NoAnswer', 'The proxy gave no answer.', { cause });
    });
    const answer = { status: response.status, headers: response.headers, body: await response.arrayBuffer() };
    const error = errorOf(answer, new Date());
    if (error) throw error;
    return objectOf<T>(answer);
  }
  return {
    preview: (code, signal) => send('POST', '/preview', signal, { code }),
    confirm: (code, signal) => send('POST', '', signal, { code }),
    list: async (signal) => {
      try {
        return (await send<{ readonly value: readonly ChatLink[] }>('GET', '', signal)).value;
      } catch (error) {
        if (error instanceof NetcheckError && error.code === 'NotFound') return undefined;
        throw error;
      }
    },
    remove: (id, signal) => send('DELETE', `/${encodeURIComponent(id)}`, signal),
  };
}

/** Whether a code is certainly worth nothing any more: it was refused, or is not known. Otherwise the next try tells. */
export const isUsedUp = (error: unknown): boolean =>
  error instanceof NetcheckError && (error.status === 403 || error.status === 404);
