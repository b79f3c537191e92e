import type { Check } from '../../../client/answers.ts';
import type { ListOptions } from '../../../client/client.ts';
import { csvOf } from '../../../contract/text/csv.ts';
import { renderRow } from '../../../rendering/render-list.ts';
import { download } from '../../parts/download.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { usePages } from '../../use/use-pages.ts';
import { useTitle } from '../../use/use-title.ts';
import { CheckFilters } from './check-filters.tsx';
import './checks.css';

const PAGE_SIZE = 25;

/** `#/checks`: checks by what the address bar says, newest first. */
export function ChecksView({ query }: { readonly query: URLSearchParams }) {
  const { client, me, url } = useProxy();
  const asked = query.toString();
  const { values, error, again, ...reading } = usePages((signal) => client.list(optionsOf(query, signal)), [asked]);
  const showsRequester = hasRole(me, 'Audit.Read') || query.get('scope') === 'visible';
  useTitle('Checks');
  return (
    <>
      <h1>Checks</h1>
      <CheckFilters key={asked} query={query} />
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      {values.length > 0 && (
        <ol class="rows">
          {values.map((check) => (
            <Row key={check.id} check={check} url={url} showsRequester={showsRequester} />
          ))}
        </ol>
      )}
      {values.length === 0 && !reading.isAsking && error === undefined && <Empty isFiltered={asked !== ''} />}
      <p class="row">
        <MoreButton {...reading} />
        {values.length > 0 && (
          <button
            type="button"
            class="small"
            onClick={() => {
              saveCsv(values);
            }}
          >
            Save what is shown as CSV
          </button>
        )}
      </p>
    </>
  );
}

function Row({
  check,
  url,
  showsRequester,
}: {
  readonly check: Check;
  readonly url: string;
  readonly showsRequester: boolean;
}) {
  const { id, at, title, state, sentence, requester } = renderRow(check, url);
  return (
    <li>
      <StateMark state={state} />
      <div>
        <a href={hrefs.check(id)}>{title}</a>
        <p>{sentence}</p>
        <p class="quiet">
          {at}
          {showsRequester && `, asked by ${requester}`}
        </p>
      </div>
    </li>
  );
}

const Empty = ({ isFiltered }: { readonly isFiltered: boolean }) => (
  <p>
    {isFiltered ? 'No check is as the filters say.' : 'You have asked for no check yet.'}{' '}
    <a href={isFiltered ? hrefs.checks() : hrefs.ask()}>{isFiltered ? 'Show all' : 'Ask for one'}</a>
  </p>
);

/** The API judges the values: what cannot be meant is told by it, each fault. */
function optionsOf(query: URLSearchParams, signal: AbortSignal): ListOptions {
  const given = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  return { ...given, top: PAGE_SIZE, signal };
}

function saveCsv(checks: readonly Check[]): void {
  const header = [
    'id',
    'createdAt',
    'finishedAt',
    'requester',
    'source',
    'destination',
    'port',
    'protocol',
    'status',
    'reachability',
    'summary',
  ];
  const records = checks.map(({ id, createdAt, finishedAt, requester, request, status, verdict }) => {
    const { source, destination, protocol } = request;
    return [
      ...[id, createdAt, finishedAt, requester.name, source.resourceId, destination.resourceId ?? destination.address],
      ...[destination.port, protocol, status, verdict.reachability, verdict.summary],
    ];
  });
  download('checks.csv', 'text/csv', [csvOf([header, ...records])]);
}
