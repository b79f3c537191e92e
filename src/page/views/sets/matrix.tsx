import type { TargetedKeyboardEvent } from 'preact';
import type { RenderedMember } from '../../../rendering/render-set.ts';
import { StateMark } from '../../parts/state-mark.tsx';
import { hrefs } from '../../route.ts';
import { matrixOf } from './matrix-of.ts';
import './matrix.css';

/** Sources by destinations; arrow keys go from cell to cell. */
export function Matrix({ members }: { readonly members: readonly RenderedMember[] }) {
  const table = matrixOf(members);
  if (!table) return null;
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label="Sources by destinations">
      <table class="matrix" onKeyDown={move}>
        <caption class="spoken">Each source with each destination. Arrow keys go from cell to cell.</caption>
        <thead>
          <tr>
            <th scope="col">From \ to</th>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(({ source, cells }) => (
            <tr key={source}>
              <th scope="row">{source}</th>
              {cells.map((member, at) => (
                <td key={at} class={member?.state ?? ''}>
                  {member ? <Cell member={member} /> : <span class="quiet">not asked</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ member: { id, state, changed } }: { readonly member: RenderedMember }) {
  return (
    <>
      {id === undefined ? (
        <StateMark state={state} />
      ) : (
        <a href={hrefs.check(id)}>
          <StateMark state={state} />
        </a>
      )}
      {changed === true && <strong class="changed">changed</strong>}
    </>
  );
}

const steps: Readonly<Record<string, readonly [rows: number, cells: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** To the next cell that leads somewhere, in that direction. */
function move(event: TargetedKeyboardEvent<HTMLTableElement>): void {
  const step = steps[event.key];
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  const row = cell?.closest('tr');
  if (!step || !cell || !row) return;
  const { rows } = event.currentTarget;
  let [y, x] = [row.rowIndex + step[0], cell.cellIndex + step[1]];
  for (let next = rows[y]?.cells[x]; next; [y, x] = [y + step[0], x + step[1]], next = rows[y]?.cells[x]) {
    const link = next.querySelector('a');
    if (!link) continue;
    event.preventDefault();
    link.focus();
    return;
  }
}
