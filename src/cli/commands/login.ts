import { unlessAborted } from '../../client/world.ts';
import type { Context, Outcome } from '../context.ts';
import { visible } from '../../rendering/visible.ts';
import { type Offer, readOffer } from '../../sign-in/offer.ts';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { asSignInError, readAuthority } from '../../sign-in/authority.ts';
import { tokenOfAzureCli } from '../sign-in/azure-cli.ts';
import { openPage, signInByCode } from '../sign-in/code-flow.ts';
import { signInByDevice } from '../sign-in/device-flow.ts';
import { judgeOffer } from '../sign-in/offer.ts';
import { readSessions, type Session, sessionsFile, writeSession } from '../sign-in/sessions.ts';

/** Signs in to one proxy, after the person has confirmed what it says of its sign-in. */
export async function login(context: Context): Promise<Outcome> {
  const { url, signal, environment } = context;
  const { origin } = new URL(url());
  const file = sessionsFile(environment, process.platform);
  const offer = await readOffer(url(), signal);
  const sessions = await readSessions(file);
  judgeOffer(offer, origin, sessions);
  await confirm(context, origin, offer, sessions[origin]);
  await writeSession(file, origin, offer);
  if (offer.clientId === undefined) return trustedOnly(context, origin, offer);
  const tokens = await signIn(context, origin, { ...offer, clientId: offer.clientId });
  await writeSession(file, origin, { ...offer, tokens });
  const name = tokens.name === undefined ? '' : ` as ${visible(tokens.name)}`;
  return {
    json: { origin, ...offer, signedIn: true, ...(tokens.name !== undefined && { name: tokens.name }) },
    text: `You are signed in to ${origin}${name}.`,
    exit: exitCodes.ok,
  };
}

/** What was confirmed before, and has not changed, is not asked for again. */
async function confirm(
  { terminal, signal }: Context,
  origin: string,
  offer: Offer,
  before: Session | undefined,
): Promise<void> {
  const isKnown =
    before?.authority === offer.authority && before.scope === offer.scope && before.clientId === offer.clientId;
  if (isKnown) return;
  const question = [
    `${origin} says that one signs in to it so${before ? ', and not as you confirmed before' : ''}:`,
    `  authority  ${visible(offer.authority)}`,
    `  scope      ${visible(offer.scope)}`,
    `  client     ${visible(offer.clientId ?? 'none: tokens come from the Azure CLI')}`,
    'Is that your proxy, with its authority and its scope? [y/N] ',
  ].join('\n');
  const answer = await unlessAborted(signal, terminal.ask(question));
  if (/^y(?:es)?$/i.test(answer?.trim() ?? '')) return;
  throw notSignedIn(
    answer === undefined
      ? 'Nobody confirmed it, so nothing was signed in to: answer y.'
      : 'You did not confirm it, so nothing was signed in to.',
  );
}

async function signIn(context: Context, origin: string, offer: Offer & { readonly clientId: string }) {
  const { terminal, options, signal, environment } = context;
  // Without these lines nobody can sign in, so that --quiet does not leave them out.
  const note = terminal.tell;
  try {
    const authority = await readAuthority(offer, origin, signal);
    if (options.device === true) return await signInByDevice({ note }, authority);
    const open = (page: string): void => {
      openPage(page, environment, process.platform);
    };
    return await signInByCode({ note, open }, authority);
  } catch (error) {
    signal.throwIfAborted();
    throw asSignInError(error);
  }
}

/** The proxy has no sign-in of its own. */
async function trustedOnly({ signal }: Context, origin: string, offer: Offer): Promise<Outcome> {
  const token = await tokenOfAzureCli(offer, signal);
  if (token === undefined)
    throw new CliError(
      'NotSignedIn',
      `${origin} has no sign-in of its own, and there is no Azure CLI: install it, or give a token with --token.`,
      exitCodes.notSignedIn,
    );
  return {
    json: { origin, ...offer, signedIn: true },
    text: `${origin} has no sign-in of its own: tokens for it come from the Azure CLI.`,
    exit: exitCodes.ok,
  };
}

/** Forgets the tokens for one proxy, and what was confirmed of it. */
export async function logout({ url, environment }: Context): Promise<Outcome> {
  const { origin } = new URL(url());
  const file = sessionsFile(environment, process.platform);
  const before = (await readSessions(file))[origin];
  if (before) await writeSession(file, origin, undefined);
  const text = before ? `You are signed out of ${origin}.` : `You were not signed in to ${origin}.`;
  return { json: { origin, signedIn: false }, text, exit: exitCodes.ok };
}
