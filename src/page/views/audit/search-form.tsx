import { useState } from 'preact/hooks';
import { type Choice, Choices } from '../../parts/choices.tsx';
import { hrefs } from '../../route.ts';
import { type FilterName, filterNames, type Filters } from './filters.ts';
import { actions } from './story.ts';

interface Props {
  readonly filters: Filters;
  /** What the proxy says is wrong with the filters. */
  readonly faultOf: (name: FilterName) => string | undefined;
}

const labels: Readonly<Record<FilterName, readonly [label: string, hint?: string]>> = {
  requester: ['Who', 'a name, or an object id'],
  source: ['Source'],
  destination: ['Destination'],
  action: ['Action'],
  code: ['Code', 'PolicyRefused, DeadlineExceeded …'],
  rule: ['Rule'],
  checkId: ['Check', 'its id'],
  requestId: ['Request id'],
  from: ['From', '-24h, 2026-03-01 …'],
  to: ['To'],
};

/** The search, whose words are kept in the address. */
export function SearchForm({ filters, faultOf }: Props) {
  const [written, setWritten] = useState(filters);
  const submit = (event: Event) => {
    event.preventDefault();
    location.hash = hrefs.audit(written);
  };
  return (
    <form class="audit-search" role="search" onSubmit={submit}>
      {filterNames.map((name) => (
        <Filter
          key={name}
          {...{ name, value: written[name], fault: faultOf(name) }}
          onInput={(value) => {
            setWritten({ ...written, [name]: value });
          }}
        />
      ))}
      <p class="row">
        <button class="primary" type="submit">
          Search
        </button>
        <a href={hrefs.audit()}>Clear</a>
      </p>
    </form>
  );
}

interface FilterProps {
  readonly name: FilterName;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onInput: (value: string) => void;
}

function Filter({ name, value, fault, onInput }: FilterProps) {
  const id = `audit-${name}`;
  const [label, hint] = labels[name];
  const said = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter(Boolean);
  const control = {
    ...{ id, value, 'aria-invalid': fault !== undefined },
    'aria-describedby': said.length === 0 ? undefined : said.join(' '),
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      onInput(currentTarget.value);
    },
  };
  return (
    <div>
      <label for={id}>{label}</label>
      {name === 'action' ? (
        <ActionSelect {...control} />
      ) : (
        <input {...control} type="text" autocomplete="off" spellcheck={false} />
      )}
      {hint !== undefined && (
        <span class="quiet hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface ActionProps {
  readonly id: string;
  readonly value: string;
  readonly onInput: (event: { readonly currentTarget: { readonly value: string } }) => void;
}

const ActionSelect = (control: ActionProps) => (
  <select {...control}>
    <Choices of={choices} value={control.value} />
  </select>
);

const choices: readonly Choice[] = [['', 'any'], ...actions.map((action) => [action, action] as const)];
