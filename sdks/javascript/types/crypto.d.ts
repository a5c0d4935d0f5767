type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
type HashAlgorithmIdentifier = HashName | { name: HashName };
type KeyType = "secret" | "public" | "private";
type KeyFormat = "raw" | "pkcs8" | "spki" | "jwk";
type KeyUsage = "encrypt" | "decrypt" | "sign" | "verify" | "deriveKey" | "deriveBits" | "wrapKey" | "unwrapKey";
type NamedCurve = "P-256" | "P-384" | "P-521";

interface JsonWebKey {
  kty?: string;
  use?: string;
  key_ops?: string[];
  alg?: string;
  ext?: boolean;
  crv?: string;
  k?: string;
  x?: string;
  y?: string;
  n?: string;
  e?: string;
  d?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}

interface Algorithm {
  name: string;
}
type AlgorithmIdentifier = Algorithm | string;

interface KeyAlgorithm {
  name: string;
  /** In bits; of HMAC and AES. */
  length?: number;
  /** Of HMAC and RSA. */
  hash?: { name: HashName };
  /** Of ECDSA and ECDH. */
  namedCurve?: NamedCurve;
  /** In bits; of RSA. */
  modulusLength?: number;
  publicExponent?: Uint8Array<ArrayBuffer>;
}
interface CryptoKey {
  readonly type: KeyType;
  readonly extractable: boolean;
  readonly algorithm: KeyAlgorithm;
  readonly usages: KeyUsage[];
}
declare var CryptoKey: { prototype: CryptoKey };
interface CryptoKeyPair {
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}

type RsaName = "RSASSA-PKCS1-v1_5" | "RSA-PSS" | "RSA-OAEP";
type EcName = "ECDSA" | "ECDH";
type OctetName = "Ed25519" | "X25519";
type AesName = "AES-CBC" | "AES-CTR" | "AES-GCM" | "AES-KW";

interface HmacKeyGenParams {
  name: "HMAC";
  hash: HashAlgorithmIdentifier;
  length?: number;
}
interface AesKeyGenParams {
  name: AesName;
  length: number;
}
interface EcKeyGenParams {
  name: EcName;
  namedCurve: NamedCurve;
}
interface RsaHashedImportParams {
  name: RsaName;
  hash: HashAlgorithmIdentifier;
}
/** Of 512 to 8192 bits; the exponent is 3 or 65537. */
interface RsaHashedKeyGenParams extends RsaHashedImportParams {
  modulusLength: number;
  publicExponent: Uint8Array;
}
interface EcdsaParams {
  name: "ECDSA";
  hash: HashAlgorithmIdentifier;
}
interface RsaPssParams {
  name: "RSA-PSS";
  saltLength: number;
}
interface RsaOaepParams {
  name: "RSA-OAEP";
  label?: BufferSource;
}
interface AesCbcParams {
  name: "AES-CBC";
  iv: BufferSource;
}
interface AesCtrParams {
  name: "AES-CTR";
  counter: BufferSource;
  length: number;
}
interface AesGcmParams {
  name: "AES-GCM";
  iv: BufferSource;
  additionalData?: BufferSource;
  tagLength?: number;
}
interface EcdhKeyDeriveParams {
  name: "ECDH" | "X25519";
  public: CryptoKey;
}
interface HkdfParams {
  name: "HKDF";
  hash: HashAlgorithmIdentifier;
  salt: BufferSource;
  info: BufferSource;
}
interface Pbkdf2Params {
  name: "PBKDF2";
  hash: HashAlgorithmIdentifier;
  salt: BufferSource;
  iterations: number;
}

type SignParams = AlgorithmIdentifier | EcdsaParams | RsaPssParams;
type CipherParams = RsaOaepParams | AesCbcParams | AesCtrParams | AesGcmParams;
type DeriveParams = EcdhKeyDeriveParams | HkdfParams | Pbkdf2Params;
type ImportParams = AlgorithmIdentifier | HmacKeyGenParams | EcKeyGenParams | RsaHashedImportParams;
type DerivedKeyParams = HmacKeyGenParams | AesKeyGenParams;

/** Beyond digests and HMAC, an algorithm is there where the code has its name in quotes. */
interface SubtleCrypto {
  digest(algorithm: HashAlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer>;
  encrypt(algorithm: CipherParams | AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  decrypt(algorithm: CipherParams | AlgorithmIdentifier, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  sign(algorithm: SignParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  verify(algorithm: SignParams, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean>;
  deriveBits(algorithm: DeriveParams, key: CryptoKey, length?: number | null): Promise<ArrayBuffer>;
  deriveKey(algorithm: DeriveParams, key: CryptoKey, derived: DerivedKeyParams, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey>;
  generateKey(algorithm: HmacKeyGenParams | AesKeyGenParams, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey>;
  generateKey(algorithm: EcKeyGenParams | RsaHashedKeyGenParams | { name: OctetName } | OctetName, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKeyPair>;
  generateKey(algorithm: AlgorithmIdentifier, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey | CryptoKeyPair>;
  importKey(format: "jwk", data: JsonWebKey, algorithm: ImportParams, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey>;
  importKey(format: Exclude<KeyFormat, "jwk">, data: BufferSource, algorithm: ImportParams, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey>;
  exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
  exportKey(format: Exclude<KeyFormat, "jwk">, key: CryptoKey): Promise<ArrayBuffer>;
  wrapKey(format: KeyFormat, key: CryptoKey, wrapping: CryptoKey, algorithm: CipherParams | AlgorithmIdentifier): Promise<ArrayBuffer>;
  unwrapKey(format: KeyFormat, wrapped: BufferSource, unwrapping: CryptoKey, algorithm: CipherParams | AlgorithmIdentifier, derived: ImportParams, extractable: boolean, usages: KeyUsage[]): Promise<CryptoKey>;
}
