export const AskView = ({ query }: { readonly query: URLSearchParams }) => <h1>Ask {query.toString()}</h1>;
