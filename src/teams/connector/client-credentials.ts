import { z } from 'zod';
import { jsonOf } from '../../contract/json-of.ts';
import type { GetBotToken } from './call-connector.ts';
import { textUpTo } from './text-up-to.ts';

export interface ClientCredentials {
  /** Of the tenant: https, or http on loopback. */
  readonly tokenUrl: URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Such as `https://api.botframework.com/.default` */
  readonly scope: string;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => Date;
}

const MAX_ANSWER_BYTES = 64 * 1024;
/** One that is about to run out could do so on its way. */
const RENEW_BEFORE_SECONDS = 300;

const answerSchema = z.object({
  access_token: z.string().min(1).max(16_384),
  // Where nothing is said of how long it lives, it is used once.
  expires_in: z.coerce.number().catch(0),
});

interface Kept {
  readonly token: string;
  readonly until: number;
}

/** Tokens of an application by its secret, kept until they run out; calls that wait for one share it. */
export function clientCredentialTokens(deps: ClientCredentials): GetBotToken {
  let kept: Kept | undefined;
  let asking: Promise<Kept> | undefined;
  return async (signal, refused) => {
    if (kept && kept.token !== refused?.token && deps.now().getTime() < kept.until) return kept.token;
    asking ??= ask(deps, signal).finally(() => {
      asking = undefined;
    });
    kept = await asking;
    return kept.token;
  };
}

async function ask({ tokenUrl, clientId, clientSecret, scope, fetch, now }: ClientCredentials, signal: AbortSignal) {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope };
  const response = await fetch(tokenUrl, {
    ...{ method: 'POST', body: new URLSearchParams(form), redirect: 'manual', signal },
    headers: { accept: 'application/json' },
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The token endpoint answered ${response.status}; check TEAMS_APP_ID and TEAMS_APP_SECRET.`);
  }
  const { access_token: token, expires_in: seconds } = answerSchema.parse(
    jsonOf(await textUpTo(MAX_ANSWER_BYTES, response, signal)),
  );
  return { token, until: now().getTime() + (seconds - RENEW_BEFORE_SECONDS) * 1000 };
}
