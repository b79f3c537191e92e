import { useState } from 'preact/hooks';
import { type Choice, Choices } from '../../parts/choices.tsx';
import { useProxy } from '../../proxy.ts';
import { hrefs } from '../../route.ts';
import './flows.css';

/** What a history is asked of, as it was written; what is empty was not said. */
export interface Asked {
  readonly source: string;
  readonly destination: string;
  readonly port: string;
  readonly protocol: string;
}

/** Writes what is asked for into the address bar. */
export function FlowForm({ asked }: { readonly asked: Asked }) {
  const { me } = useProxy();
  const [words, setWords] = useState({ ...asked });
  const field = (name: 'source' | 'destination' | 'port') => ({
    id: `flow-${name}`,
    value: words[name],
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      setWords({ ...words, [name]: currentTarget.value });
    },
  });
  return (
    <form
      class="flow-form"
      onSubmit={(event) => {
        event.preventDefault();
        location.hash = hrefs.flows(words);
      }}
    >
      <div class="long">
        <label for="flow-source">From</label>
        <input {...field('source')} list="flow-endpoints" required autocomplete="off" spellcheck={false} />
      </div>
      <div class="long">
        <label for="flow-destination">To</label>
        <input {...field('destination')} list="flow-endpoints" required autocomplete="off" spellcheck={false} />
      </div>
      <div>
        <label for="flow-port">Port</label>
        <input {...field('port')} type="number" min="1" max="65535" />
      </div>
      <div>
        <label for="flow-protocol">Protocol</label>
        <select
          id="flow-protocol"
          value={words.protocol}
          onChange={({ currentTarget }) => {
            setWords({ ...words, protocol: currentTarget.value });
          }}
        >
          <Choices of={choices} value={words.protocol} />
        </select>
      </div>
      <button type="submit" class="primary">
        Look
      </button>
      <datalist id="flow-endpoints">
        {me.endpoints.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </form>
  );
}

const choices: readonly Choice[] = [
  ['', 'any'],
  ['Tcp', 'TCP'],
  ['Icmp', 'ping (ICMP)'],
  ['Http', 'HTTP'],
  ['Https', 'HTTPS'],
];
