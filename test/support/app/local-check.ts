/** Calls of an app that `npm start` runs: whoever asks there makes tokens themselves. */
interface Local {
  readonly url: string;
}

const vm =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01';
/** A check that local apps can run. */
export const localCheck = {
  source: { resourceId: vm },
  destination: { address: '10.1.6.1', port: 443 },
  protocol: 'Tcp',
};

export async function localToken({ url }: Local): Promise<string> {
  const sent = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
  const answer = await fetch(`${url}/.local/token`, { method: 'POST', body: sent });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Runs the check, and answers it as it is after 30 s at most. */
export async function runLocally(app: Local, token?: string): Promise<{ status: string }> {
  const headers = {
    authorization: `Bearer ${token ?? (await localToken(app))}`,
    'content-type': 'application/json',
    prefer: 'wait=30',
  };
  const answer = await fetch(`${app.url}/api/checks`, { method: 'POST', headers, body: JSON.stringify(localCheck) });
  return (await answer.json()) as { status: string };
}
