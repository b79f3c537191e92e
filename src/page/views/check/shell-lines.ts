import type { Check, ConnectivityParameters } from '../../../client/answers.ts';
import { formatLine } from '../../../line/format-line.ts';
import type { Line } from '../../../line/line.ts';
import { parseLine } from '../../../line/parse-line.ts';
import { shortId } from '../../../rendering/visible.ts';

/** Commands that ask the same, and show this check. */
export function shellLines({ id, request }: Pick<Check, 'id' | 'request'>, url: string): readonly string[] {
  const line = lineOf(request);
  return [
    `export NETCHECK_URL=${quoted(url)}`,
    `netcheck ${line === undefined ? `again ${shortId(id)}` : line.split(' ').map(quoted).join(' ')}`,
    `netcheck show ${shortId(id)}`,
  ];
}

/** The line that asks the same; `undefined` where a line cannot say all of it. */
function lineOf({ source, destination, protocol, ...more }: ConnectivityParameters): string | undefined {
  const { resourceId, address, port } = destination;
  const to = resourceId ?? address;
  const isMore = Object.values(more).some((each) => each !== undefined) || (source.port ?? 0) !== 0;
  if (to === undefined || isMore) return undefined;
  const line: Line = {
    ...{ verb: 'check', source: source.resourceId, destination: to },
    ...(port !== undefined && port !== 0 && { port }),
    ...(protocol !== undefined && { protocol }),
  };
  const text = formatLine(line);
  const read = parseLine(text);
  return read.ok && formatLine(read.line) === text ? text : undefined;
}

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
