export const LinkView = ({ code }: { readonly code: string }) => <h1>Link {code}</h1>;
