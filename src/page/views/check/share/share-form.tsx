import { useState } from 'preact/hooks';
import type { SharedWith } from '../../../../client/answers.ts';
import { ActionButton } from '../../../parts/action-button.tsx';
import { ErrorNote } from '../../../parts/error-note.tsx';
import { useAction } from '../../../use/use-action.ts';

interface ShareForm {
  readonly before: SharedWith | undefined;
  readonly share: (options: { readonly to?: readonly string[]; readonly until: Date }) => Promise<void>;
}

const periods = [
  ['1', 'a day'],
  ['7', '7 days'],
  ['30', '30 days'],
] as const;

/** Asks with whom to share, and how long. */
export function ShareForm({ before, share }: ShareForm) {
  const [isForAll, setForAll] = useState(before?.to === undefined);
  const [people, setPeople] = useState(before?.to?.join('\n') ?? '');
  const [days, setDays] = useState('7');
  const sharing = useAction(async () => {
    const to = people.split(/[\s,;]+/).filter((each) => each !== '');
    await share({ ...(!isForAll && { to }), until: inDays(Number(days)) });
  });
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        sharing.run();
      }}
    >
      <Who isForAll={isForAll} choose={setForAll} />
      {!isForAll && <People people={people} write={setPeople} />}
      <label for="share-days">For</label>
      <select
        id="share-days"
        value={days}
        onChange={({ currentTarget }) => {
          setDays(currentTarget.value);
        }}
      >
        {periods.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <p class="quiet">A share replaces the one before. Who reads the check is recorded in the audit.</p>
      <ActionButton action={{ isBusy: sharing.isBusy }} busy="Sharing …" class="primary">
        Share it
      </ActionButton>
      {sharing.error !== undefined && <ErrorNote error={sharing.error} />}
    </form>
  );
}

const choices = [
  [true, 'Whoever may ask for checks and has the link'],
  [false, 'These people alone'],
] as const;

interface Who {
  readonly isForAll: boolean;
  readonly choose: (isForAll: boolean) => void;
}

const Who = ({ isForAll, choose }: Who) => (
  <fieldset>
    <legend>Who may read this check</legend>
    {choices.map(([value, label]) => (
      <label key={label} class="choice">
        <input
          type="radio"
          name="share-who"
          checked={isForAll === value}
          onChange={() => {
            choose(value);
          }}
        />{' '}
        {label}
      </label>
    ))}
  </fieldset>
);

const People = ({ people, write }: { readonly people: string; readonly write: (people: string) => void }) => (
  <>
    <label for="share-people">Their object ids, one a line</label>
    <textarea
      id="share-people"
      class="mono"
      rows={3}
      required
      spellcheck={false}
      value={people}
      onInput={({ currentTarget }) => {
        write(currentTarget.value);
      }}
    />
  </>
);

/** A minute less, because the proxy's clock can be behind. */
const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000 - 60_000);
