import { useState } from 'preact/hooks';
import type { Source } from '../../../client/answers.ts';
import { visible } from '../../../rendering/visible.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { useSettled } from '../../use/use-settled.ts';
import type { SourcesPage } from '../../../client/client.ts';

const PAUSE_MILLISECONDS = 300;
const MOST = 50;

/** Machines that one may test from, by name. */
export function Machines() {
  const { client } = useProxy();
  const [search, setSearch] = useState('');
  const settled = useSettled(search.trim(), PAUSE_MILLISECONDS);
  const { answer, error, isAsking, again } = useAnswer(
    async (signal) => firstOf(client.sources({ ...(settled !== '' && { search: settled }), top: MOST, signal })),
    [settled],
  );
  return (
    <>
      <h2 id="machines">Machines you may test from</h2>
      <label for="machine-search">Part of the name</label>
      <input
        id="machine-search"
        type="search"
        autocomplete="off"
        value={search}
        onInput={({ currentTarget }) => {
          setSearch(currentTarget.value);
        }}
      />
      {error !== undefined && <ErrorNote {...{ error, again }} />}
      {answer && <MachineTable {...answer} />}
      <p class="quiet" role="status">
        {isAsking ? '' : answer && countInWords(answer)}
      </p>
    </>
  );
}

async function firstOf(list: { readonly pages: () => AsyncIterable<SourcesPage> }): Promise<SourcesPage> {
  for await (const page of list.pages()) return page;
  return { value: [] };
}

function countInWords({ value, nextLink, unreadable = [] }: SourcesPage): string {
  const count = value.length === 1 ? '1 machine.' : `${value.length} machines.`;
  const more = nextLink === undefined ? '' : ' There are more: give a part of the name.';
  const lost = unreadable.map(
    ({ subscription, code }) => ` Not everything of ${subscription} could be read (${code}).`,
  );
  return visible(`${count}${more}${lost.join('')}`);
}

function MachineTable({ value }: SourcesPage) {
  if (value.length === 0) return null;
  return (
    <div class="scrolls short" tabIndex={0} role="region" aria-labelledby="machines">
      <table>
        <caption class="spoken">Machines you may test from</caption>
        <thead>
          <tr>
            {['Name', 'State', 'Agent', 'Resource group', 'Region', 'Addresses'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.map((source) => (
            <tr key={source.resourceId}>
              <th scope="row">
                <a href={hrefs.ask({ source: isOnly(source, value) ? source.name : source.resourceId })}>
                  {visible(source.name)}
                </a>
              </th>
              <td class={source.state === 'stopped' ? 'bad' : undefined}>{source.state}</td>
              <td class={source.agent === 'absent' ? 'bad' : undefined}>{source.agent}</td>
              <td>{visible(source.resourceGroup)}</td>
              <td>{visible(source.region)}</td>
              <td>{visible((source.addresses ?? []).join(', '))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const isOnly = ({ name }: Source, all: readonly Source[]): boolean =>
  all.filter((each) => each.name.toLowerCase() === name.toLowerCase()).length === 1;
