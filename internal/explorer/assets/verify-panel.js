export const verifier = () => null
