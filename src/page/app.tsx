import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { visible } from '../rendering/visible.ts';
import { NotFound } from './views/not-found.tsx';
import { hasRole, useProxy } from './proxy.ts';
import { hrefs, type Route } from './route.ts';
import { Guarded } from './parts/guarded.tsx';
import { useKeptFocus } from './use/use-kept-focus.ts';
import { useRoute } from './use/use-route.ts';
import { AskView } from './views/ask/ask-view.tsx';
import { CheckView } from './views/check/check-view.tsx';
import { ChecksView } from './views/lists/checks-view.tsx';
import { FlowsView } from './views/flows/flows-view.tsx';
import { SetsView } from './views/sets/sets-view.tsx';
import { SetView } from './views/sets/set-view.tsx';
import { AuditView } from './views/audit/audit-view.tsx';
import { MeView } from './views/me/me-view.tsx';
import { LinkView } from './views/link/link-view.tsx';

/** The page around its views. */
export function App({ onSignOut }: { readonly onSignOut: () => void }) {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = placeOf(route);
  // Whoever cannot see the page hears that another view is there.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [place]);
  useKeptFocus(main);
  return (
    <>
      <Header route={route} onSignOut={onSignOut} />
      <main id="main" tabIndex={-1} ref={main}>
        <Guarded key={place}>{viewOf(route)}</Guarded>
      </main>
    </>
  );
}

function Header({ route, onSignOut }: { readonly route: Route; readonly onSignOut: () => void }) {
  const { me } = useProxy();
  const links: readonly (readonly [Route['view'][], string, string])[] = [
    [['ask'], hrefs.ask(), 'Ask'],
    [['checks', 'check'], hrefs.checks(), 'Checks'],
    [['flows'], hrefs.flows(), 'Flows'],
    [['sets', 'set'], hrefs.sets(), 'Sets'],
    ...(hasRole(me, 'Audit.Read')
      ? ([[['audit'], hrefs.audit(), 'Audit']] satisfies [Route['view'][], string, string][])
      : []),
    [['me', 'link'], hrefs.me, 'Me'],
  ];
  return (
    <header class="top">
      <a class="skip" href="#main" onClick={skip}>
        Skip to content
      </a>
      <a class="brand" href={hrefs.ask()}>
        <img src="page/icon.svg" alt="" width="24" height="24" /> Connectivity Check
      </a>
      <nav aria-label="Views">
        {links.map(([views, href, label]) => (
          <a key={href} href={href} aria-current={views.includes(route.view) ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <span class="who">
        <span>{visible(me.requester.name)}</span>
        <button type="button" class="small" onClick={onSignOut}>
          Sign out
        </button>
      </span>
    </header>
  );
}

/** A link to `#main` would be a place of the page's own. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

const placeOf = (route: Route): string => ('id' in route ? `${route.view} ${route.id}` : route.view);

function viewOf(route: Route): JSX.Element {
  switch (route.view) {
    case 'ask':
      return <AskView query={route.query} />;
    case 'check':
      return <CheckView key={route.id} id={route.id} query={route.query} />;
    case 'checks':
      return <ChecksView query={route.query} />;
    case 'flows':
      return <FlowsView query={route.query} />;
    case 'sets':
      return <SetsView query={route.query} />;
    case 'set':
      return <SetView key={route.id} id={route.id} />;
    case 'audit':
      return <AuditView query={route.query} />;
    case 'me':
      return <MeView />;
    case 'link':
      return <LinkView code={route.code} />;
    case 'unknown':
      return <NotFound />;
  }
}
