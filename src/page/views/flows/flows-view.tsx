import type { Protocol } from '../../../client/requests.ts';
import { renderFlow } from '../../../rendering/render-flow.ts';
import { useProxy } from '../../proxy.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { hrefs } from '../../route.ts';
import { useAnswer } from '../../use/use-answer.ts';
import { useTitle } from '../../use/use-title.ts';
import { type Asked, FlowForm } from './flow-form.tsx';
import { History } from './history.tsx';

/** What checks of one flow came to, whoever asked. What is asked for stands in the address bar. */
export function FlowsView({ query }: { readonly query: URLSearchParams }) {
  const asked = askedIn(query);
  useTitle('Flows');
  return (
    <>
      <h1>Did it work before?</h1>
      <FlowForm key={query.toString()} asked={asked} />
      {asked.source !== '' && asked.destination !== '' ? (
        <Answer asked={asked} />
      ) : (
        <p>
          Give source and destination, by name, address or resource id: you see when this flow worked last, when it
          failed first after that, and what changed between. Checks of others count, too, where the policy lets you test
          the same. Without port and protocol it is about all that you may test.
        </p>
      )}
    </>
  );
}

function Answer({ asked }: { readonly asked: Asked }) {
  const { client, url } = useProxy();
  const { source, destination, port, protocol } = asked;
  const { answer, error, isAsking, again } = useAnswer(
    async (signal) => client.flow({ ...given({ port, protocol }), source, destination, signal }),
    [source, destination, port, protocol],
  );
  const flow = isAsking || error !== undefined ? undefined : answer;
  return (
    <>
      <p class={isAsking ? 'quiet' : 'spoken'} role="status">
        {isAsking ? 'Looking …' : flow && renderFlow(flow, url).sentence}
      </p>
      {error !== undefined && (
        <>
          <ErrorNote {...{ error, again }} />
          <a href={hrefs.me}>What you may test</a>
        </>
      )}
      {flow && <History flow={flow} asked={asked} />}
    </>
  );
}

function askedIn(query: URLSearchParams): Asked {
  const word = (name: string): string => (query.get(name) ?? '').trim();
  return {
    source: word('source'),
    destination: word('destination'),
    port: word('port'),
    protocol: protocols.find((each) => each.toLowerCase() === word('protocol').toLowerCase()) ?? word('protocol'),
  };
}

const protocols: readonly Protocol[] = ['Tcp', 'Icmp', 'Http', 'Https'];

/** The API judges the values, what is empty was not said. */
const given = (words: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== ''));
