// In the place of subtle.js where an app's code does not have the word `subtle`, and so
// reaches neither digests nor keys.
export class CryptoKey {
  constructor() {
    throw new TypeError("Illegal constructor");
  }
}
export const subtle = undefined;
