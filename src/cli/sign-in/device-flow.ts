import { setTimeout as sleep } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import { visible } from '../../rendering/visible.ts';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import { type Authority, tokensIn } from '../../sign-in/authority.ts';
import type { Tokens } from '../../sign-in/tokens.ts';

/** Signs in by a code that is typed on another device. */
export async function signInByDevice(
  { note }: { readonly note: (text: string) => void },
  { server, client, auth, options, scope }: Authority,
): Promise<Tokens> {
  const asked = await oauth.deviceAuthorizationRequest(server, client, auth, { scope }, options);
  const device = await oauth.processDeviceAuthorizationResponse(server, client, asked);
  note(`Open ${visible(device.verification_uri)} and type ${visible(device.user_code)}`);
  const end = Date.now() + 1000 * device.expires_in;
  for (let pause = device.interval ?? 5; Date.now() < end;) {
    await sleep(1000 * pause, undefined, { signal: options.signal });
    const answer = await oauth.deviceCodeGrantRequest(server, client, auth, device.device_code, options);
    try {
      return tokensIn(await oauth.processDeviceCodeResponse(server, client, answer));
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error;
      if (error.error === 'slow_down') pause += 5;
      else if (error.error !== 'authorization_pending') throw error;
    }
  }
  throw notSignedIn('Nobody typed the code in time.');
}
