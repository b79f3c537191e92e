import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RenderedCheck } from '../../../../rendering/render-check.ts';
import type { RenderedHop } from '../../../../rendering/render-hops.ts';
import { lanesOf, widthOf } from './lanes.ts';
import { type Mark, markOf } from './mark-of.ts';
import { Rail } from './rail.tsx';

/** More places than these scroll by themselves, so that what follows is found. */
const MANY = 20;

/** The path as an ordered list; the line beside it is for the eye alone. */
export function Path({ check }: { readonly check: RenderedCheck }) {
  const { hops, measured, state } = check;
  if (hops.length === 0) return null;
  const marks = hops.map((hop) => markOf(hop, check));
  const isMissing = state === 'unreachable' && !marks.includes('stopped');
  const rows = lanesOf(hops.map(({ next }) => next));
  const columns = widthOf(rows);
  const list = (
    <ol class="path" role="list">
      {hops.map((hop, at) => (
        <li key={at} class={`hop ${marks[at] ?? ''}`}>
          <Rail row={rows[at]} columns={columns} role={hop.role} mark={marks[at]} />
          <Place hop={hop} at={at} mark={marks[at]} check={check} />
        </li>
      ))}
    </ol>
  );
  return (
    <section aria-labelledby="path">
      <h2 id="path">Path</h2>
      {measured.length > 0 && <p class="quiet">{measured.map(({ name, value }) => `${name}: ${value}`).join('. ')}.</p>}
      {isMissing && <p>Azure does not say at which of these places it ends.</p>}
      {hops.length <= MANY ? list : <Tall label={`${hops.length} places of the path`}>{list}</Tall>}
    </section>
  );
}

/** It begins where something is wrong. */
function Tall({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const wrong = box.current?.querySelector<HTMLElement>('.hop.stopped, .hop.trouble');
    if (wrong) box.current?.scrollTo({ top: wrong.offsetTop - 80 });
  }, []);
  return (
    <div class="tall" tabIndex={0} role="region" aria-label={label} ref={box}>
      {children}
    </div>
  );
}

interface PlaceProps {
  readonly hop: RenderedHop;
  readonly at: number;
  readonly mark: Mark | undefined;
  readonly check: RenderedCheck;
}

const roles = { source: 'Source', between: undefined, destination: 'Destination' } as const;
const words: Readonly<Record<Mark, string>> = { stopped: 'Stopped here', trouble: 'Trouble here', note: 'Note' };
const signs: Readonly<Record<Mark, string>> = { stopped: '✗', trouble: '!', note: 'i' };

function Place({ hop, at, mark, check }: PlaceProps) {
  const { name, role, kind, resourceId, reasons } = hop;
  return (
    <div class="place">
      <p>
        <strong>
          <span class="quiet" aria-hidden="true">
            {at + 1}
          </span>{' '}
          {name}
        </strong>
        <span class="quiet">{roles[role] ?? kind}</span>
        {mark !== undefined && (
          <span class={`mark ${mark}`}>
            <span aria-hidden="true">{signs[mark]}</span> {words[mark]}
          </span>
        )}
      </p>
      {reasons.map((index) => (
        <p key={index} class="why">
          {check.reasons[index]?.message}
        </p>
      ))}
      {resourceId !== undefined && role !== 'source' && <p class="quiet mono id">{resourceId}</p>}
      <Onward hop={hop} at={at} hops={check.hops} />
    </div>
  );
}

/** Where it goes on, where that is not to the next line alone, and how long that took. */
function Onward({
  hop,
  at,
  hops,
}: {
  readonly hop: RenderedHop;
  readonly at: number;
  readonly hops: readonly RenderedHop[];
}) {
  const { next, roundTrips = [] } = hop;
  const isStraight = next.length === 1 && next[0] === at + 1;
  const lines = next.flatMap((to) => {
    const trip = roundTrips.find((each) => each.to === to)?.inWords;
    const where = isStraight ? 'to the next' : `to ${to + 1}, ${hops[to]?.name ?? ''}`;
    if (trip !== undefined) return [`Round trip ${where}: ${trip}`];
    return isStraight ? [] : [`Leads ${where}`];
  });
  return (
    <>
      {lines.map((line) => (
        <p key={line} class="quiet">
          {line}
        </p>
      ))}
    </>
  );
}
