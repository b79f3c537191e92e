import { hrefs } from '../route.ts';

export const NotFound = () => (
  <>
    <h1>There is no such place</h1>
    <p>
      The address names no view of this page. <a href={hrefs.ask()}>Ask a question</a>
    </p>
  </>
);
