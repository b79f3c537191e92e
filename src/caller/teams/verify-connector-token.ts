import { errors, jwtVerify, type JWTPayload } from 'jose';
import { Problem } from '../../contract/problem.ts';
import { bearerToken } from '../bearer-token.ts';
import { createSigningKeys } from '../signing-keys.ts';
import { type ConnectorKeys, type ConnectorKeysSource, readConnectorKeys } from './read-connector-keys.ts';

const ISSUER = 'https://api.botframework.com';
/** As the Bot Connector's documentation has it. */
const CLOCK_SKEW_SECONDS = 300;

export interface ConnectorTokenDeps extends ConnectorKeysSource {
  /** Of the bot: the audience of its tokens. */
  readonly appId: string;
  readonly now: () => Date;
}

/** What an activity says of itself, and its token has to confirm. */
export interface ActivityClaims {
  readonly serviceUrl: string;
  readonly channelId: string;
}

/**
 * Makes sure that the Bot Connector sent an activity, to this bot, from that address and for that channel. Throws
 * `InvalidToken` where it did not, and `SigningKeysUnavailable` where that cannot be found out now.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export type ConnectorTokenVerifier = (authorization: string | undefined, activity: ActivityClaims) => Promise<void>;

export function createConnectorTokenVerifier(deps: ConnectorTokenDeps): ConnectorTokenVerifier {
  const keysWith = createSigningKeys({ readKeySet: () => readConnectorKeys(deps), now: deps.now });
  return async (authorization, { serviceUrl, channelId }) => {
    const { token, keyId } = bearerToken(authorization);
    const keys = await keysWith(keyId);
    const claims = await verifiedClaims(token, keys, deps);
    if (!isFor(claims.aud, deps.appId)) throw invalid('is for another bot');
    if (claims['serviceurl'] !== serviceUrl) throw invalid('names another service URL than the activity');
    // In a channel such as Direct Line whoever writes chooses the ids themselves: its keys endorse no other.
    if (!keys.endorses(keyId, channelId))
      throw invalid("is signed with a key that does not endorse the activity's channel");
  };
}

async function verifiedClaims(
  token: string,
  { chooseKey }: ConnectorKeys,
  { now }: ConnectorTokenDeps,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, chooseKey, {
      algorithms: ['RS256'],
      issuer: ISSUER,
      requiredClaims: ['exp', 'aud'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: now(),
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    // jose's error carries the claims, which belong in no log; its code says enough.
    throw invalid(`is no token of the Bot Connector's (${error.code})`);
  }
}

const isFor = (audience: JWTPayload['aud'], appId: string): boolean =>
  typeof audience === 'string' && audience.toLowerCase() === appId.toLowerCase();

const invalid = (why: string): Problem => new Problem('InvalidToken', `The activity's token ${why}.`);
