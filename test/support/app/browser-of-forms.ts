/** Goes where it is told and keeps cookies, as a browser does; a form is sent with the origin of the page that has it. */
export function createBrowser(authority: string) {
  const cookies = new Map<string, string>();
  async function go(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = new URL(response.headers.get('location') ?? url, url);
    return next.href !== url && next.origin === authority ? go(next.href) : response;
  }
  const send = (url: string, form: Record<string, string> | URLSearchParams, headers: Record<string, string> = {}) =>
    go(url, { method: 'POST', body: new URLSearchParams(form), headers: { origin: authority, ...headers } });
  return { go, send };
}
