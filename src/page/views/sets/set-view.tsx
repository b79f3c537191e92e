export const SetView = ({ id }: { readonly id: string }) => <h1>Set {id}</h1>;
