import type { TargetedSubmitEvent } from 'preact';
import { type Choice, Choices } from '../../parts/choices.tsx';
import { hasRole, useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';

/** The filters of the list, which stand in the address bar once they are set. */
export function CheckFilters({ query }: { readonly query: URLSearchParams }) {
  const { me } = useProxy();
  const value = (name: string): string => query.get(name) ?? '';
  const isSet = [...query.keys()].some((name) => name !== 'scope');
  return (
    <details class="filters" open={isSet}>
      <summary>Filters</summary>
      <form onSubmit={apply}>
        <Field name="source" label="Source" hint="name or resource id" value={value('source')} />
        <Field
          name="destination"
          label="Destination"
          hint="name, host, address, URI or resource id"
          value={value('destination')}
        />
        <Field name="port" label="Port" value={value('port')} />
        <Field name="from" label="From" hint="-24h, -7d, or 2026-03-01" value={value('from')} />
        <Field name="to" label="To" value={value('to')} />
        <Select name="outcome" label="Outcome" value={value('outcome')} options={outcomes} />
        <Select name="status" label="State" value={value('status')} options={states} />
        {hasRole(me, 'Audit.Read') && (
          <Field name="requester" label="Asked by" hint="name or object id" value={value('requester')} />
        )}
        <Select name="scope" label="Whose" value={value('scope')} options={scopesOf(hasRole(me, 'Audit.Read'))} />
        <div class="row">
          <button type="submit" class="primary">
            Show
          </button>
          <a href={hrefs.checks()}>Clear</a>
        </div>
      </form>
    </details>
  );
}

const outcomes: readonly Choice[] = [
  ['', 'any'],
  ['reachable', 'reachable'],
  ['notReachable', 'not reachable'],
];
const states: readonly Choice[] = [
  ['', 'any'],
  ['NotStarted', 'waiting'],
  ['Running', 'running'],
  ['Succeeded', 'ended with an answer'],
  ['Failed', 'failed'],
  ['Canceled', 'canceled'],
];
const scopesOf = (readsAll: boolean): readonly Choice[] => [
  ['', readsAll ? 'everybody’s' : 'what I asked'],
  ['visible', 'what my groups may read'],
];

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

const Field = ({ name, label, value, hint }: FieldProps) => (
  <label>
    {label} {hint !== undefined && <span class="hint">{hint}</span>}
    <input name={name} defaultValue={value} autocomplete="off" spellcheck={false} />
  </label>
);

const Select = ({ name, label, value, options }: FieldProps & { readonly options: readonly Choice[] }) => (
  <label>
    {label}
    <select name={name} defaultValue={value}>
      <Choices of={options} value={value} />
    </select>
  </label>
);

function apply(event: TargetedSubmitEvent<HTMLFormElement>): void {
  event.preventDefault();
  const given = [...new FormData(event.currentTarget)].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value.trim()] as const] : [],
  );
  location.hash = hrefs.checks(Object.fromEntries(given));
}
