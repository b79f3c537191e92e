export const MeView = () => <h1>Me </h1>;
