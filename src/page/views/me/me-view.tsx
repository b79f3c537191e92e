import type { Endpoint, Limit, Me } from '../../../client/answers.ts';
import { visible } from '../../../rendering/visible.ts';
import { nameOf } from '../../../rendering/words.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { RoleNote } from '../../parts/role-note.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { useTitle } from '../../use/use-title.ts';
import { LinkedAccounts } from '../link/linked-accounts.tsx';
import { Machines } from './machines.tsx';
import { RuleList } from './rule-list.tsx';
import './me.css';

/** Who one is to the proxy, and what applies to one. */
export function MeView() {
  const { client, me: before } = useProxy();
  const { answer, error, again } = useAnswer((signal) => client.me({ signal }), []);
  const me = answer ?? before;
  useTitle('Me');
  const { requester, rules, endpoints, sets, limits, policy } = me;
  return (
    <>
      <h1>{visible(requester.name)}</h1>
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      <Roles {...me} />
      {hasRole(me, 'Check.Request') && (
        <>
          <h2>What you may test</h2>
          <RuleList rules={rules.filter(({ effect }) => effect === 'allow')} none="No rule lets you test anything." />
          <h2>What is denied to you</h2>
          <RuleList rules={rules.filter(({ effect }) => effect === 'deny')} none="No rule denies you anything." />
          <Limits limits={limits} />
          <Endpoints endpoints={endpoints} />
          <h2>Sets you may run</h2>
          {sets.length === 0 ? <p class="quiet">The policy has none for you.</p> : <SetList sets={sets} />}
          <Machines />
        </>
      )}
      <LinkedAccounts />
      <details class="policy">
        <summary>For the operators</summary>
        <dl>
          <dt>You are</dt>
          <dd>
            <code>{visible(requester.id)}</code>
          </dd>
          <dt>Policy (SHA-256)</dt>
          <dd>
            <code>{visible(policy)}</code>
          </dd>
        </dl>
      </details>
    </>
  );
}

const roleSentences: Readonly<Record<string, string>> = {
  'Check.Request':
    'You may ask for checks, as far as the policy allows them, and read what is yours or shared with you.',
  'Audit.Read': "You may read everybody's checks and the whole audit; your reading is recorded.",
  'Check.Admin': "You may cancel anybody's checks and take back their shares.",
};

function Roles({ roles }: Me) {
  if (roles.length > 0)
    return (
      <ul>
        {roles.map((role) => (
          <li key={role}>
            <strong>{visible(role)}</strong>: {roleSentences[role] ?? 'This page knows nothing of this role.'}
          </li>
        ))}
      </ul>
    );
  return <RoleNote to="ask for checks" role="Check.Request" />;
}

function Endpoints({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  return (
    <>
      <h2>Endpoints by name</h2>
      {endpoints.length === 0 ? (
        <p class="quiet">The policy names none for you.</p>
      ) : (
        <div class="scrolls short">
          <table>
            <caption class="spoken">Endpoints that you may name</caption>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">What it stands for</th>
                <th scope="col">Port</th>
              </tr>
            </thead>
            <tbody>
              {endpoints.map((endpoint) => (
                <tr key={endpoint.name}>
                  <th scope="row">
                    <a href={askHref(endpoint)}>{visible(endpoint.name)}</a>
                  </th>
                  <td>{nameOf(endpoint.resourceId ?? endpoint.address ?? '')}</td>
                  <td>{endpoint.port}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** A machine is tested from first of all; an address can only be tested to. */
const askHref = ({ name, resourceId }: Endpoint): string =>
  hrefs.ask(resourceId === undefined ? { destination: name } : { source: name });

const SetList = ({ sets }: { readonly sets: readonly string[] }) => (
  <ul>
    {sets.map((name) => (
      <li key={name}>
        <a href={hrefs.sets({ name })}>{visible(name)}</a>
      </li>
    ))}
  </ul>
);

const limitNames: Readonly<Record<Limit['name'], string>> = {
  requests: 'Checks in a minute',
  active: 'Checks under way at once',
  ports: 'Ports of one destination in an hour',
};

function Limits({ limits }: { readonly limits: readonly Limit[] }) {
  return (
    <>
      <h2>What is left of your limits</h2>
      {limits.length === 0 ? (
        <p class="quiet">The policy limits you in nothing.</p>
      ) : (
        <div class="scrolls short">
          <table>
            <caption class="spoken">Limits</caption>
            <thead>
              <tr>
                <th scope="col">Limit</th>
                <th scope="col">Left</th>
                <th scope="col">More</th>
              </tr>
            </thead>
            <tbody>
              {limits.map(({ name, quota, remaining, resetSeconds }) => (
                <tr key={name}>
                  <th scope="row">{limitNames[name]}</th>
                  <td>
                    {remaining} of {quota}
                  </td>
                  <td>{moreInWords({ name, quota, remaining, resetSeconds })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function moreInWords({ name, quota, remaining, resetSeconds }: Limit): string {
  if (remaining >= quota) return 'nothing is used';
  return name === 'active' ? 'when one has ended' : `in ${resetSeconds} s`;
}
