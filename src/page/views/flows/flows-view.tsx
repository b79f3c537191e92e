export const FlowsView = ({ query }: { readonly query: URLSearchParams }) => <h1>Flows {query.toString()}</h1>;
