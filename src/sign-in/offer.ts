import { isLoopback } from '../address/is-loopback.ts';
import { causeOf } from '../rendering/cause-of.ts';
import { SignInError } from './sign-in-error.ts';

/** What a proxy says that one signs in with; anybody can answer so. */
export interface Offer {
  /** What stands before `/.well-known/openid-configuration`. */
  readonly authority: string;
  /** The one scope that tokens for this proxy are asked for with. */
  readonly scope: string;
  /** Absent: the proxy has no sign-in of its own. */
  readonly clientId?: string;
}

/** Asks the proxy, without a token. */
export async function readOffer(url: string, signal: AbortSignal): Promise<Offer> {
  const address = `${url.replace(/\/+$/, '')}/api/sign-in`;
  const answer = await fetch(address, {
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new SignInError('NoAnswer', `${address} gave no answer: ${causeOf(error)}.`);
  });
  const offer: unknown = answer.status === 200 ? await answer.json().catch(() => undefined) : undefined;
  if (typeof offer === 'object' && offer !== null && 'authority' in offer && 'scope' in offer) {
    const { authority, scope } = offer;
    const clientId = 'clientId' in offer ? offer.clientId : undefined;
    if (
      typeof authority === 'string' &&
      typeof scope === 'string' &&
      (clientId === undefined || typeof clientId === 'string')
    )
      return { authority: authority.replace(/\/+$/, ''), scope, ...(clientId !== undefined && { clientId }) };
  }
  throw new SignInError(
    'UnexpectedAnswer',
    `${address} answered ${answer.status}, and not how to sign in: is ${url} the proxy's address?`,
  );
}

/** Whether a server of the authority's can be believed: over https, or where nothing leaves the machine. */
export const mayServe = (url: URL, origin: string): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(origin)));
