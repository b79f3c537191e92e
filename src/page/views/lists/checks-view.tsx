export const ChecksView = ({ query }: { readonly query: URLSearchParams }) => <h1>Checks {query.toString()}</h1>;
