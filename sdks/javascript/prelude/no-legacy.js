// In the place of legacy.js where an app names no encoding of before Unicode.
export const legacyName = () => undefined;
export const decodeLegacy = undefined;
