import { visible } from '../../rendering/visible.ts';

/** Values of a select, and what stands for each. */
export type Choice = readonly [value: string, label: string];

interface Props {
  readonly of: readonly Choice[];
  readonly value: string;
}

/** The options of a select. An address can ask for what is none of them: it is shown as it is, and judged by the proxy. */
export const Choices = ({ of: choices, value }: Props) => (
  <>
    {choices.map(([each, label]) => (
      <option key={each} value={each} selected={each === value}>
        {label}
      </option>
    ))}
    {choices.every(([each]) => each !== value) && (
      <option value={value} selected>
        {visible(value)}
      </option>
    )}
  </>
);
