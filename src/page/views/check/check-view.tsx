export const CheckView = ({ id }: { readonly id: string }) => <h1>Check {id}</h1>;
