import type { Line } from '../../../line/line.ts';
import { shortId } from '../../../rendering/visible.ts';
import { hrefs } from '../../route.ts';

/** The view in which what a line asks for is seen, or done by a click of its own. */
export interface Place {
  readonly href: string;
  /** What is there. */
  readonly sentence: string;
}

/** Where another line than a check leads; `help` stays here. */
export function leadsTo(line: Exclude<Line, { verb: 'check' | 'help' }>): Place {
  switch (line.verb) {
    case 'show':
      return { href: hrefs.check(line.id), sentence: `Opens check ${shortId(line.id)}.` };
    case 'compare':
      return {
        href: hrefs.check(line.id, { with: line.with }),
        sentence: `Opens check ${shortId(line.id)}, which is compared there.`,
      };
    case 'again':
      return {
        href: hrefs.check(line.id, { reason: line.reason }),
        sentence: `Opens check ${shortId(line.id)}, where you can ask again.`,
      };
    case 'share':
    case 'cancel':
      return {
        href: hrefs.check(line.id),
        sentence: `Opens check ${shortId(line.id)}, where you can ${acts[line.verb]}.`,
      };
    case 'flow':
      return { href: hrefs.flows(flowQuery(line)), sentence: 'Opens what is known of this flow.' };
    case 'set':
      return {
        href: hrefs.sets({ name: line.name, reason: line.reason }),
        sentence: `Opens the sets, where you can start ${line.name}.`,
      };
    case 'list':
      return { href: hrefs.checks(), sentence: 'Opens your checks.' };
    case 'endpoints':
      return { href: hrefs.me, sentence: 'Opens what you may name.' };
    case 'me':
      return { href: hrefs.me, sentence: 'Opens what the proxy knows of you.' };
    case 'link':
      return { href: hrefs.me, sentence: 'A chat account is linked from the chat: write link there.' };
  }
}

const acts = { share: 'share it', cancel: 'cancel it' } as const;

type FlowLine = Extract<Line, { verb: 'flow' }>;

const flowQuery = ({
  source,
  destination,
  port,
  protocol,
}: FlowLine): Readonly<Record<string, string | undefined>> => ({
  ...{ source, destination, protocol },
  ...(port !== undefined && { port: String(port) }),
});
