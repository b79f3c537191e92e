import type { Pages } from '../use/use-pages.ts';

/** What stands below a list: that it is read, or a button for more of it. */
export const MoreButton = ({ isAsking, more }: Pick<Pages<unknown>, 'isAsking' | 'more'>) => (
  <p role="status">
    {isAsking && <span class="quiet">Reading …</span>}
    {more && (
      <button type="button" onClick={more}>
        More
      </button>
    )}
  </p>
);
