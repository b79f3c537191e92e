export const SetsView = () => <h1>Sets </h1>;
