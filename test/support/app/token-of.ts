/** An access token of the local issuer, for whoever the test is to be. */
export async function tokenOf(
  url: string,
  user: string,
  roles: readonly string[] = ['Check.Request'],
): Promise<string> {
  const answer = await fetch(`${url}/.local/token`, { method: 'POST', body: JSON.stringify({ user, roles }) });
  return ((await answer.json()) as { access_token: string }).access_token;
}
