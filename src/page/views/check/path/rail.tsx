import type { RenderedHop } from '../../../../rendering/render-hops.ts';
import type { Row } from './lanes.ts';
import type { Mark } from './mark-of.ts';

/** More columns are drawn over each other: the words beside say where each place leads. */
const MOST_COLUMNS = 5;
const WIDTH = 22;
const HEIGHT = 36;
const MIDDLE = HEIGHT / 2;

interface Rail {
  readonly row: Row | undefined;
  /** How many columns the widest place has: all are as wide. */
  readonly columns: number;
  readonly role: RenderedHop['role'];
  readonly mark: Mark | undefined;
}

/** The line beside a place: its head with the place's sign, and below it what is as high as the words beside. */
export function Rail({ row, columns, role, mark }: Rail) {
  if (!row) return null;
  const { column, into, past, out } = row;
  const below = [...new Set([...past, ...out])];
  const width = Math.min(MOST_COLUMNS, columns) * WIDTH;
  return (
    <div class="rail" aria-hidden="true">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        {past.map((each) => (
          <path key={`past ${each}`} d={`M${x(each)} 0V${HEIGHT}`} />
        ))}
        {into.map((each) => (
          <path key={`into ${each}`} d={curve(x(each), 0, x(column), MIDDLE)} />
        ))}
        {out.map((each) => (
          <path key={`out ${each}`} d={curve(x(column), MIDDLE, x(each), HEIGHT)} />
        ))}
        <g transform={`translate(${x(column)} ${MIDDLE})`}>
          <Sign role={role} mark={mark} />
        </g>
      </svg>
      <svg class="tail" width={width} viewBox={`0 0 ${width} 10`} preserveAspectRatio="none">
        {below.map((each) => (
          <path key={each} d={`M${x(each)} 0V10`} />
        ))}
      </svg>
    </div>
  );
}

const x = (column: number): number => (Math.min(column, MOST_COLUMNS - 1) + 0.5) * WIDTH;

const curve = (fromX: number, fromY: number, toX: number, toY: number): string =>
  `M${fromX} ${fromY}C${fromX} ${(fromY + toY) / 2} ${toX} ${(fromY + toY) / 2} ${toX} ${toY}`;

/** Each mark has a shape of its own, for whoever does not tell the colours apart. */
function Sign({ role, mark }: Pick<Rail, 'role' | 'mark'>) {
  if (mark === 'stopped') {
    return (
      <g class="sign stopped">
        <path class="filled" d="M-4 -10H4L10 -4V4L4 10H-4L-10 4V-4Z" />
        <path class="on" d="M-4 -4L4 4M4 -4L-4 4" />
      </g>
    );
  }
  if (mark === 'trouble') {
    return (
      <g class="sign trouble">
        <path class="filled" d="M0 -11L11 9H-11Z" />
        <path class="on" d="M0 -4V2M0 5V6" />
      </g>
    );
  }
  if (role === 'between') return <circle class="sign" r="5" />;
  return <circle class="sign end" r="7" />;
}
