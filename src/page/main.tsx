import { render } from 'preact';
import { createClient } from '../client/client.ts';
import { App } from './app.tsx';
import { ErrorNote } from './parts/error-note.tsx';
import { ProxyProvider } from './proxy.ts';
import { createSession, type Session } from './sign-in/session.ts';
import { SignInView } from './sign-in/sign-in-view.tsx';
import './base.css';

declare const NETCHECK_VERSION: string;

const root = document.getElementById('app');
const url = document.querySelector<HTMLMetaElement>('meta[name="netcheck-url"]')?.content ?? location.origin;
if (root) void start(root);

async function start(root: HTMLElement): Promise<void> {
  // One signs in at the proxy's own address, and what is kept there is kept nowhere else.
  if (location.origin !== new URL(url).origin) {
    location.replace(`${url}/${location.search}${location.hash}`);
    return;
  }
  const session = createSession(url);
  const failed = await session.finish().catch((error: unknown) => error);
  await show(root, session, failed);
}

async function show(root: HTMLElement, session: Session, why?: unknown): Promise<void> {
  if (!session.isSignedIn()) {
    render(<SignInView session={session} why={why} />, root);
    return;
  }
  const client = createClient({ url, getToken: session.token, agent: `web/${NETCHECK_VERSION}` });
  const signOut = (): void => {
    session.end();
    void show(root, session);
  };
  render(
    <main id="main" class="narrow">
      <p role="status">Loading …</p>
    </main>,
    root,
  );
  try {
    const me = await client.me({ signal: AbortSignal.timeout(30_000) });
    render(
      <ProxyProvider value={{ client, me, url, token: session.token, signIn: session.begin }}>
        <App onSignOut={signOut} />
      </ProxyProvider>,
      root,
    );
  } catch (error) {
    if (!session.isSignedIn()) return show(root, session, error);
    render(
      <main id="main" class="narrow">
        <h1>The proxy does not answer as it should</h1>
        <ErrorNote error={error} />
        <button type="button" class="primary" onClick={() => void show(root, session)}>
          Try again
        </button>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </main>,
      root,
    );
  }
}
