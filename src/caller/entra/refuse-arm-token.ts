import { decodeJwt } from 'jose';
import { Problem } from '../../contract/problem.ts';

/** Audiences of tokens for Azure Resource Manager, in all clouds: its former and its present address, and its application. */
const ofArm =
  /^(?:https:\/\/management\.(?:core\.)?(?:azure\.com|windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)\/*|797f4846-ba00-4fd7-ba43-dac1f8f63013)$/i;

/**
 * Refuses a token for Azure Resource Manager, and says how to get one for this service: clients of Azure take ARM's where
 * nobody tells them otherwise. It is looked at before it is verified, because it is refused whoever signed it. Throws
 * `InvalidToken`.
 */
export function refuseArmToken(token: string, audiences: readonly string[]): void {
  if (!audiencesOf(token).some((audience) => ofArm.test(audience))) return;
  const [audience = ''] = audiences;
  throw new Problem(
    'InvalidToken',
    `The token is for Azure Resource Manager, and this service never takes such a one. Have your client ask for the scope ${audience}/.default: credentials.scopes or credentialScopes in JavaScript, credential_scopes in Python, the cloud's Audience in Go, --resource ${audience} with az rest.`,
  );
}

function audiencesOf(token: string): readonly string[] {
  try {
    return [decodeJwt(token).aud ?? []].flat().filter((each) => typeof each === 'string');
  } catch {
    // Whether it is a token at all is found out when it is verified.
    return [];
  }
}
