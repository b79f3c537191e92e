import { canonicalJson } from '../../contract/canonical-json.ts';
import type { Change } from '../../contract/answer/comparison.ts';
import { align, type Pair } from './align.ts';
import { type PathHop, samePlace } from './path-of.ts';

/** Hops that came, that are gone, or that stand in another's place. */
export function comparePaths(before: readonly PathHop[], after: readonly PathHop[]): Change[] {
  return joined(aligned(before, after)).flatMap(changeOf);
}

/** Of several ways to align two paths the same is taken whichever of them was first. */
function aligned(before: readonly PathHop[], after: readonly PathHop[]): readonly Pair<PathHop>[] {
  if (canonicalJson(before) <= canonicalJson(after)) return align(before, after, samePlace);
  return align(after, before, samePlace).map((pair) => ({
    ...(pair.after && { before: pair.after }),
    ...(pair.before && { after: pair.before }),
  }));
}

/** Between two places that stayed, the first that is gone and the first that is new are one change, and so on. */
function joined(pairs: readonly Pair<PathHop>[]): readonly Pair<PathHop>[] {
  const told: Pair<PathHop>[] = [];
  let gap: { readonly gone: PathHop[]; readonly come: PathHop[] } = { gone: [], come: [] };
  const close = (): void => {
    const { gone, come } = gap;
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      const [before, after] = [gone[i], come[i]];
      told.push({ ...(before && { before }), ...(after && { after }) });
    }
    gap = { gone: [], come: [] };
  };
  for (const { before, after } of pairs) {
    if (before && after) {
      close();
      told.push({ before, after });
    } else if (before) gap.gone.push(before);
    else if (after) gap.come.push(after);
  }
  close();
  return told;
}

function changeOf({ before, after }: Pair<PathHop>): Change[] {
  if (before && after) {
    if (looksTheSame(before, after)) return [];
    const sentence = samePlace(before, after)
      ? `On the path ${before.inWords} is now ${after.inWords}.`
      : `The path led through ${before.inWords}, and leads through ${after.inWords} now.`;
    return [{ what: 'hop', before: before.value, after: after.value, sentence }];
  }
  if (before)
    return [{ what: 'hop', before: before.value, sentence: `The path no longer leads through ${before.inWords}.` }];
  if (after) return [{ what: 'hop', after: after.value, sentence: `The path leads through ${after.inWords} now.` }];
  return [];
}

const looksTheSame = (one: PathHop, other: PathHop): boolean =>
  samePlace(one, other) && one.address === other.address && one.type === other.type;
