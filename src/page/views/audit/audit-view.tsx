export const AuditView = ({ query }: { readonly query: URLSearchParams }) => <h1>Audit {query.toString()}</h1>;
