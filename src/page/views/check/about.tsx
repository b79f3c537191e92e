import type { ComponentChildren } from 'preact';
import type { Check } from '../../../client/answers.ts';
import type { RenderedCheck } from '../../../rendering/render-check.ts';
import { visible } from '../../../rendering/visible.ts';
import { hrefs } from '../../route.ts';

/** Who asked, when, and for what. */
export function About({ check, rendered }: { readonly check: Check; readonly rendered: RenderedCheck }) {
  const { rerunOf, setId, error } = check;
  return (
    <section aria-labelledby="about">
      <h2 id="about">About this check</h2>
      <dl class="facts">
        {rendered.facts.map(({ name, value }) => (
          <Fact key={name} name={name}>
            {name === 'Asks again' && rerunOf !== undefined ? <a href={hrefs.check(rerunOf)}>{value}</a> : value}
          </Fact>
        ))}
        {error && <Fact name="Code">{visible(error.code)}</Fact>}
        {setId !== undefined && (
          <Fact name="Part of the set">
            <a href={hrefs.set(setId)}>{visible(setId)}</a>
          </Fact>
        )}
      </dl>
    </section>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
