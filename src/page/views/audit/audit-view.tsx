import { NetcheckError } from '../../../client/netcheck-error.ts';
import { visible } from '../../../rendering/visible.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { RoleNote } from '../../parts/role-note.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { usePages } from '../../use/use-pages.ts';
import { useTitle } from '../../use/use-title.ts';
import { EventList } from './event-list.tsx';
import { ExportAudit } from './export-audit.tsx';
import { type FilterName, filterNames, type Filters, filtersIn, searchOf } from './filters.ts';
import { SearchForm } from './search-form.tsx';
import { VerifyAudit } from './verify-audit.tsx';
import './audit.css';

const PAGE = 50;

/** Who asked what, what was decided, and what came of it. */
export function AuditView({ query }: { readonly query: URLSearchParams }) {
  const { me } = useProxy();
  useTitle('Audit');
  return (
    <>
      <h1>Audit</h1>
      {hasRole(me, 'Audit.Read') ? (
        <Search key={query.toString()} filters={filtersIn(query)} />
      ) : (
        <RoleNote to="read the audit" role="Audit.Read" />
      )}
    </>
  );
}

function Search({ filters }: { readonly filters: Filters }) {
  const { client } = useProxy();
  const search = searchOf(filters);
  const { values, isAsking, error, more, again } = usePages(
    (signal) => client.audit.list({ ...search, top: PAGE, signal }),
    [],
  );
  const { faultOf, rest } = faultsIn(error);
  return (
    <>
      <p class="quiet">Your searches, exports and verifications are recorded, too.</p>
      <SearchForm {...{ filters, faultOf }} />
      <h2>Events</h2>
      <EventList events={values} />
      {rest !== undefined && <ErrorNote {...{ error: rest, again }} />}
      {error !== undefined && rest === undefined && (
        <p class="fault" role="alert">
          Nothing was searched: what is marked above cannot be read.
        </p>
      )}
      <p class="row">
        <MoreButton {...{ isAsking, more }}>{countInWords(values.length, more !== undefined, error)}</MoreButton>
        {error === undefined && <ExportAudit search={search} />}
      </p>
      <VerifyAudit from={filters.from} to={filters.to} />
    </>
  );
}

function countInWords(count: number, hasMore: boolean, error: unknown): string {
  if (error !== undefined) return '';
  if (count === 0) return 'There are no such events.';
  return `${count} ${count === 1 ? 'event' : 'events'}${hasMore ? ' so far' : ''}.`;
}

interface Faults {
  readonly faultOf: (name: FilterName) => string | undefined;
  /** What is no matter of one filter. */
  readonly rest: unknown;
}

/** What is wrong with which filter. */
function faultsIn(error: unknown): Faults {
  const details = error instanceof NetcheckError ? error.details : [];
  const faultOf = (name: FilterName): string | undefined => {
    const mine = details.filter(({ target }) => target?.replace(/[.[].*$/s, '') === name);
    return mine.length === 0 ? undefined : mine.map(({ message }) => visible(message)).join(' ');
  };
  const isTold = details.length > 0 && filterNames.some((name) => faultOf(name) !== undefined);
  return { faultOf, rest: isTold ? undefined : error };
}
