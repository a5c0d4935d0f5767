// After the Web Cryptography standard: known answers of RFCs and NIST, keys that are led
// through every format, and what must be refused and how.
import { area, equal, rejects } from "./harness.js";

const test = area("cryptography");
const { subtle } = crypto;
const bytes = (hex) => Uint8Array.fromHex(hex.replaceAll(" ", ""));
const hex = (buffer) => new Uint8Array(buffer).toHex();
const text = (string) => new TextEncoder().encode(string);
const raw = (key, algorithm, usages) => subtle.importKey("raw", bytes(key), algorithm, true, usages);

// NIST SP 800-38A, F.2 and F.5, for the first two blocks.
const plain = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51";
const aes = {
  128: "2b7e151628aed2a6abf7158809cf4f3c",
  192: "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
  256: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
};
const chained = {
  128: "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
  192: "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a",
  256: "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
};
const counted = {
  128: "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff",
  192: "1abc932417521ca24f2b0459fe7e6e0b090339ec0aa6faefd5ccc2c6f4ce8e94",
  256: "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5",
};
for (const size in aes) {
  test(`AES-CBC with ${size} bits`, async () => {
    const key = await raw(aes[size], "AES-CBC", ["encrypt", "decrypt"]);
    const parameters = { name: "AES-CBC", iv: bytes("000102030405060708090a0b0c0d0e0f") };
    const sealed = await subtle.encrypt(parameters, key, bytes(plain));
    equal(hex(sealed).slice(0, 64), chained[size]);
    equal(hex(await subtle.decrypt(parameters, key, sealed)), plain.replace(" ", ""));
  });
  test(`AES-CTR with ${size} bits`, async () => {
    const key = await raw(aes[size], { name: "aes-ctr" }, ["encrypt"]);
    const counter = bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    equal(hex(await subtle.encrypt({ name: "AES-CTR", counter, length: 64 }, key, bytes(plain))), counted[size]);
  });
}

// The GCM specification's cases 4, 10 and 16 (a nonce of 96 bits), and 6 (one of 480).
const long = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
const odd = "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b525416aedbf5a0de6a57a637b39b";
const gcm = [
  ["feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "5bc94fbc3221a5db94fae95ae7121a47"],
  ["feffe9928665731c6d6a8f9467308308feffe9928665731c", "cafebabefacedbaddecaf888", "2519498e80f1478f37ba55bd6d27618c"],
  ["feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "76fc6ece0f4e1768cddf8853bb2d551b"],
  ["feffe9928665731c6d6a8f9467308308", odd, "619cc5aefffe0bfa462af43c1699d050"],
];
for (const [key, nonce, tag] of gcm)
  test(`AES-GCM with ${key.length * 4} bits and a nonce of ${nonce.length * 4}`, async () => {
    const imported = await raw(key, "AES-GCM", ["encrypt", "decrypt"]);
    const parameters = { name: "AES-GCM", iv: bytes(nonce), additionalData: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2") };
    const sealed = await subtle.encrypt(parameters, imported, bytes(long));
    equal(hex(sealed).slice(-32), tag);
    equal(hex(await subtle.decrypt(parameters, imported, sealed)), long);
    const short = { ...parameters, tagLength: 96 };
    equal(hex(await subtle.encrypt(short, imported, bytes(long))), hex(sealed).slice(0, -8));
    new Uint8Array(sealed)[3] ^= 1;
    await rejects(subtle.decrypt(parameters, imported, sealed), "OperationError");
  });

// RFC 3394, 4.3 and 4.6.
const wrapped = [
  ["000102030405060708090a0b0c0d0e0f1011121314151617", "00112233445566778899aabbccddeeff", "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"],
  [
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
    "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
  ],
];
for (const [key, inner, result] of wrapped)
  test(`AES-KW with ${key.length * 4} bits`, async () => {
    const wrapping = await raw(key, "AES-KW", ["wrapKey", "unwrapKey"]);
    const secret = await raw(inner, "AES-GCM", ["encrypt"]);
    equal(hex(await subtle.wrapKey("raw", secret, wrapping, "AES-KW")), result);
    const back = await subtle.unwrapKey("raw", bytes(result), wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]);
    equal(hex(await subtle.exportKey("raw", back)), inner);
    const forged = bytes(result);
    forged[0] ^= 1;
    await rejects(subtle.unwrapKey("raw", forged, wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]), "OperationError");
  });

test("HKDF (RFC 5869, A.1)", async () => {
  const key = await subtle.importKey("raw", new Uint8Array(22).fill(0x0b), "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: bytes("000102030405060708090a0b0c"), info: bytes("f0f1f2f3f4f5f6f7f8f9") };
  equal(hex(await subtle.deriveBits(parameters, key, 336)), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
});
test("PBKDF2 (RFC 6070)", async () => {
  const key = await subtle.importKey("raw", text("password"), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-1", salt: text("salt"), iterations: 4096 };
  equal(hex(await subtle.deriveBits(parameters, key, 160)), "4b007901b765489abead49d926f721d065a429c1");
});
test("Ed25519 (RFC 8032, 7.1, 3)", async () => {
  const jwk = { kty: "OKP", crv: "Ed25519", d: "xaqN9D-fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPc", x: "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU" };
  const key = await subtle.importKey("jwk", jwk, "Ed25519", true, ["sign"]);
  equal(
    hex(await subtle.sign("Ed25519", key, bytes("af82"))),
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  );
});

// Keys and results of OpenSSL.
const shared = [
  [{ name: "ECDH", namedCurve: "P-256" }, "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042066db69248359af0f44b6a7b1287d3fe94924196721ecc2f4d69271c8c7c70365a144034200046f75538372a763bf73cd93bd1bd0d71b99459072a1090965c96a606cd2fd4d35ce8fa4ac3a762a3f30448e5abc4b0c62008e56bd3cc69a77dfe4293372087c7d", "3059301306072a8648ce3d020106082a8648ce3d030107034200044efdba7dd4e4e59f5a78ec9808b42aa7058b4296ed87af98df4b12fabbf829ecafd83d307eac08463818cca589be048e5cd9fe7307d6ba9c2cbf562f9617b783", "44f93d98038a486aadef2acc51aa3e3689c12c8e5f03ec62adb05bb5b4d540d6"],
  [{ name: "ECDH", namedCurve: "P-384" }, "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430ee3b2de9068abeae2615c915523991b32ab777a3ba464998f3a30a59cd731220856bfb99f103ea8512751dc8f8bfece8a1640362000456b7f0eacdf8a301830104e93b04c5e997cff4be67d4e0a6337cb69839c812ca38d43b30b08cb2cfd0cb396a88708d6b0974e39fc1f318703affadd9eafdf8ff906b1fe7c44d565bd78839f8358043f4c2df97ab442016e9dbd5bedf9ad59a9e", "3076301006072a8648ce3d020106052b81040022036200040464295d1b197fdce30c2c9342a439c640460fe1411564645a93a41e24f78c4fe9caba9434d6e5233485cc6310a116a6e5bf6c0f70f6a958c28676789d5247b6671d6c840790d6e158e441c447c38b599c65c84c8f41573721ba0b8e4e0cc2ba", "c77ee2d58e7a77de7ad22b48da3b235d111d68359a0ee1be551a65f35c46019297ee3031cd418c9f6e0c8218993414b9"],
  [{ name: "ECDH", namedCurve: "P-521" }, "3081ee020100301006072a8648ce3d020106052b810400230481d63081d3020101044200e1cec8feb9df25754a57615499391b0ae567fc7efd4b885f4fbf2c3b355b8b2e4daa589fc74345bb2cb155054becef5db1597bf0211583032e7eafb4149301666ba1818903818600040114ef54db9563184bf91c1a12ebb51e562030b073cd9ff2c900ee39ec6886b751262dfec049a3ea1292260d847c139a5c7a156d48a3cf03fcafea53702582111dbc0173996f576d9c3ecd2321a22eccc7aee16c0c3c86c85b15a21097321a4e164f136837ce61db28d2e0d1bcf4601f1e1ece69ce0e6aea99df0c9af58c8c16c25663c3", "30819b301006072a8648ce3d020106052b810400230381860004001743cc11d3dc2b3af0d82cb56791ede50bdfacebb5a1ef8555152a56224f568721caeb4347d640e166176c0c6f106483359e6d0471de746a559cd9598b0b74714a0039641e7d91c62d684a1dd3185cfb987eb5043063e10fa69dd9c89a6f59acd2ca642d9333c8c2819d6575eb58b8c7eb70c2781759c36fa11635d53e1dc2b30f5c4e", "002192855cafd1185f1f8a436333a5642b5c5b739f14d55ca42b068759b28364e6d74c6650606bad033bf50c9569bc2841fac6b2f1effec5b10d3c640bb7cd0cc726"],
  [{ name: "X25519" }, "302e020100300506032b656e04220420e04de6b772ac8468fb3dd76f74a746f786b9d25cd624d0d7c20b7c95085b166c", "302a300506032b656e0321003426d7de7d6f999e364434d7c95adc1ba672265c6a614f3371934e1ec45a2714", "5a3d079851b72416a14a4af6272ff66509c6b8a27fbb0b8da7c6cd36511d0320"],
];
for (const [algorithm, secret, open, result] of shared)
  test(`${algorithm.name} with ${algorithm.namedCurve ?? "its curve"}`, async () => {
    const mine = await subtle.importKey("pkcs8", bytes(secret), algorithm, true, ["deriveBits", "deriveKey"]);
    const other = await subtle.importKey("spki", bytes(open), algorithm, true, []);
    const parameters = { name: algorithm.name, public: other };
    equal(hex(await subtle.deriveBits(parameters, mine, null)), result);
    equal(hex(await subtle.deriveBits(parameters, mine, 128)), result.slice(0, 32));
    const key = await subtle.deriveKey(parameters, mine, { name: "AES-GCM", length: 128 }, true, ["encrypt"]);
    equal(hex(await subtle.exportKey("raw", key)), result.slice(0, 32));
    equal([hex(await subtle.exportKey("pkcs8", mine)), hex(await subtle.exportKey("spki", other))], [secret, open]);
    await rejects(subtle.deriveBits(parameters, mine, 4096), "OperationError");
    await rejects(subtle.deriveBits({ ...parameters, public: mine }, mine, 8), "InvalidAccessError");
  });
const signed = [
  ["P-256", "SHA-256", "0488b4ac91383d555c3dbd5e667489939b9b3571ffe59e46407421decd7f69a0c03795cb13b99fa47b4dab89dd6c5966cb475db1ccf4df6bb70319d6819ace87c8", "a0797a5ae8c1472c176ff17885f9c2218d8a19fcb4d0b76fd946f9c59f3da97510276b7094ef32fe220d4014617bbd01f73d87367e539f57c23e2a6459e672cc"],
  ["P-384", "SHA-1", "04ca4211868f17ab0f87938788d87b8e4fcabeed5af152af7a3060744d1cd672b123774714b3c62b6dd954a24942cbe6da66949176d3c555451c51a4047b42fd6922dce2e013ecbb510eaef36a1c9f4044ab0f7f725076214a9dafc183a91badd9", "b96b7c3eb2bad1da5dc2fc5c804ec02640bd6459082a61f8a819f9bfbf982ab5660394b1924d944ff592e2318531e6f9b13f42a5e3e2ccb21436c72dd63dc88b4440000df617ec1c088fb4b52c8857dbe02c4c7dd5f23c499f05b3cb5cbc80c0"],
  ["P-521", "SHA-512", "04009078c0b9d22153237336204b1f8d3eef9da45ce127e19c27d554eed633c3cd5bac449950b4c0741246301965ed2da1c1b75ea7eba68d08bbcfd0820f40d2c1e6b600ca75404c923d8207135a7ff0306383e6893ec103810609b53ddb537d1cbaecfd19dd3cbb55ab1f57db0dfbd7c470391898f8f3a0578166d1812e6ba5d8c5d641e2", "01caae480e72cea484a00ef8eec92bc8f125006a5de72f1d0dacc89925d0bf436ea6bcace008a18421f2cfbe49b78dadf1288ea811739d97e8e46c57d5d34e4a4b1b00d26a4921ade9fa98621e4358842106aa51ea3aa54187e9a1acbae7cb961ad4448b892a3004033449d45ec5a654f0f532a6cbf69debecf2bf180bfebd49aa78e3f6"],
  ["P-256", "SHA-512", "0425c2efb0b4679f924fc9d87c556eacd7f7b85221d08912249ad9a4e02b843ea3fbe8fea47e14ddc43e27e84024640532e3b1a6b7e6881d17d22c0578fca6cd8d", "0ea0703828408412cb74e63b7d4c02932ae37fe14b6ce3ad2ec86fa48d3979d711828fc214299416ad8e447988a50198cc576883952268abea1d8ddb673bf8b9"],
];
for (const [namedCurve, hash, point, signature] of signed)
  test(`ECDSA with ${namedCurve} and ${hash}`, async () => {
    const key = await subtle.importKey("raw", bytes(point), { name: "ECDSA", namedCurve }, true, ["verify"]);
    const parameters = { name: "ECDSA", hash };
    equal(await subtle.verify(parameters, key, bytes(signature), text("known answer")), true);
    equal(await subtle.verify(parameters, key, bytes(signature), text("another")), false);
    equal(await subtle.verify(parameters, key, new Uint8Array(signature.length / 2), text("known answer")), false);
    equal(await subtle.verify(parameters, key, bytes(signature).slice(1), text("known answer")), false);
    const compressed = (parseInt(point.slice(-1), 16) % 2 ? "03" : "02") + point.slice(2, 2 + (point.length - 2) / 2);
    const same = await subtle.importKey("raw", bytes(compressed), { name: "ECDSA", namedCurve }, true, ["verify"]);
    equal(hex(await subtle.exportKey("raw", same)), point);
    await rejects(subtle.importKey("raw", bytes(point.slice(0, -2) + (point.endsWith("00") ? "01" : "00")), { name: "ECDSA", namedCurve }, true, ["verify"]), "DataError");
  });

// Each pair of keys is led through every format, and signs or encrypts there.
const rsa = { modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" };
const pairs = [
  [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
  [{ name: "ECDSA", namedCurve: "P-384" }, { name: "ECDSA", hash: "SHA-384" }],
  [{ name: "ECDSA", namedCurve: "P-521" }, { name: "ECDSA", hash: "SHA-512" }],
  [{ name: "Ed25519" }, "Ed25519"],
  [{ name: "RSASSA-PKCS1-v1_5", ...rsa }, "RSASSA-PKCS1-v1_5"],
  [{ name: "RSA-PSS", ...rsa }, { name: "RSA-PSS", saltLength: 32 }],
  [{ name: "RSA-OAEP", ...rsa }, { name: "RSA-OAEP", label: text("label") }],
];
for (const [algorithm, parameters] of pairs)
  test(`${algorithm.name} ${algorithm.namedCurve ?? ""} in every format`, async () => {
    const [give, take] = algorithm.name === "RSA-OAEP" ? ["encrypt", "decrypt"] : ["verify", "sign"];
    const made = await subtle.generateKey(algorithm, true, [give, take]);
    equal([made.publicKey.usages, made.privateKey.usages, made.publicKey.type], [[give], [take], "public"]);
    const data = text("some data");
    for (const [open, secret] of [["spki", "pkcs8"], ["jwk", "jwk"]]) {
      const publicKey = await subtle.importKey(open, await subtle.exportKey(open, made.publicKey), algorithm, true, [give]);
      const privateKey = await subtle.importKey(secret, await subtle.exportKey(secret, made.privateKey), algorithm, true, [take]);
      if (take === "decrypt") {
        equal(hex(await subtle.decrypt(parameters, privateKey, await subtle.encrypt(parameters, publicKey, data))), hex(data));
        await rejects(subtle.decrypt("RSA-OAEP", privateKey, await subtle.encrypt(parameters, publicKey, data)), "OperationError");
      } else {
        const signature = new Uint8Array(await subtle.sign(parameters, privateKey, data));
        equal(await subtle.verify(parameters, publicKey, signature, data), true);
        signature[signature.length - 2] ^= 1;
        equal(await subtle.verify(parameters, publicKey, signature, data), false);
      }
    }
    await rejects(subtle.exportKey("pkcs8", made.publicKey), "InvalidAccessError");
    await rejects(subtle.importKey("spki", new Uint8Array(40), algorithm, true, [give]), "DataError");
    await rejects(subtle.importKey("spki", await subtle.exportKey("spki", made.publicKey), algorithm, true, ["deriveBits"]), "SyntaxError");
  });

const hmac = { name: "HMAC", hash: "SHA-256" };
const refused = [
  ["an algorithm that there is not", "NotSupportedError", () => subtle.generateKey("BLOWFISH", true, ["encrypt"])],
  ["an operation that an algorithm has not", "NotSupportedError", () => subtle.generateKey("HKDF", true, ["deriveBits"])],
  ["a digest that there is not", "NotSupportedError", () => subtle.digest("MD5", new Uint8Array(1))],
  ["a curve that there is not", "NotSupportedError", () => subtle.generateKey({ name: "ECDSA", namedCurve: "K-256" }, true, ["sign"])],
  ["an algorithm without a name", "TypeError", () => subtle.generateKey({}, true, ["sign"])],
  ["a usage that there is not", "TypeError", () => subtle.generateKey(hmac, true, ["smell"])],
  ["a usage of another algorithm", "SyntaxError", () => subtle.generateKey(hmac, true, ["encrypt"])],
  ["a secret key for nothing", "SyntaxError", () => subtle.generateKey(hmac, true, [])],
  ["a private key for nothing", "SyntaxError", () => subtle.generateKey({ name: "Ed25519" }, true, ["verify"])],
  ["a password that may be exported", "SyntaxError", () => subtle.importKey("raw", text("x"), "PBKDF2", true, ["deriveBits"])],
  ["a key of AES with 40 bits", "DataError", () => raw("0102030405", "AES-GCM", ["encrypt"])],
  ["a new key of AES with 40 bits", "OperationError", () => subtle.generateKey({ name: "AES-GCM", length: 40 }, true, ["encrypt"])],
  ["an empty key of HMAC", "DataError", () => raw("", hmac, ["sign"])],
  ["a JSON Web Key of another kind", "DataError", () => subtle.importKey("jwk", { kty: "EC", k: "AAAA" }, hmac, true, ["sign"])],
  ["a JSON Web Key for another digest", "DataError", () => subtle.importKey("jwk", { kty: "oct", k: "AAAA", alg: "HS512" }, hmac, true, ["sign"])],
  ["a JSON Web Key for another use", "DataError", () => subtle.importKey("jwk", { kty: "oct", k: "AAAA", key_ops: ["verify"] }, hmac, true, ["sign"])],
  ["a JSON Web Key that is not to be exported", "DataError", () => subtle.importKey("jwk", { kty: "oct", k: "AAAA", ext: false }, hmac, true, ["sign"])],
  ["a JSON Web Key that is not base64url", "DataError", () => subtle.importKey("jwk", { kty: "oct", k: "A+/=" }, hmac, true, ["sign"])],
  ["a format that a key has not", "NotSupportedError", () => subtle.importKey("spki", new Uint8Array(9), hmac, true, ["sign"])],
  ["signing with a key that may not", "InvalidAccessError", async () => subtle.sign("HMAC", await raw("00", hmac, ["verify"]), text("x"))],
  ["encrypting with a key for another algorithm", "InvalidAccessError", async () =>
    subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, await raw(aes[128], "AES-GCM", ["encrypt"]), text("x"))],
  ["a tag of 100 bits", "OperationError", async () =>
    subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), tagLength: 100 }, await raw(aes[128], "AES-GCM", ["encrypt"]), text("x"))],
  ["a first block of 8 bytes", "OperationError", async () =>
    subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(8) }, await raw(aes[128], "AES-CBC", ["encrypt"]), text("x"))],
  ["decrypting what is not whole blocks", "OperationError", async () =>
    subtle.decrypt({ name: "AES-CBC", iv: new Uint8Array(16) }, await raw(aes[128], "AES-CBC", ["decrypt"]), text("x"))],
  ["exporting a key that may not be", "InvalidAccessError", async () =>
    subtle.exportKey("raw", await subtle.importKey("raw", text("x"), hmac, false, ["sign"]))],
  ["wrapping a key that may not be exported", "InvalidAccessError", async () =>
    subtle.wrapKey("raw", await subtle.importKey("raw", text("12345678"), hmac, false, ["sign"]), await raw(aes[128], "AES-KW", ["wrapKey"]), "AES-KW")],
  ["no iterations", "OperationError", async () =>
    subtle.deriveBits({ ...hmac, name: "PBKDF2", salt: text("s"), iterations: 0 }, await subtle.importKey("raw", text("x"), "PBKDF2", false, ["deriveBits"]), 8)],
  ["a key that is none", "TypeError", () => subtle.sign("HMAC", {}, text("x"))],
  ["data that is none", "TypeError", async () => subtle.sign("HMAC", await raw("00", hmac, ["sign"]), "x")],
];
for (const [title, name, action] of refused) test(`${title} is refused`, () => rejects(action(), name));
test("CryptoKey cannot be made", async () => rejects((async () => new CryptoKey())(), "TypeError"));
test("a JSON Web Key of HMAC", async () => {
  const key = await subtle.generateKey({ name: "HMAC", hash: { name: "SHA-384" }, length: 9 }, true, ["verify", "sign"]);
  equal([key.algorithm, key.usages, key.type, key.extractable], [{ name: "HMAC", hash: { name: "SHA-384" }, length: 9 }, ["sign", "verify"], "secret", true]);
  const { k, ...others } = await subtle.exportKey("jwk", key);
  equal([others, k.length], [{ kty: "oct", alg: "HS384", key_ops: ["sign", "verify"], ext: true }, 3]);
});
test("a key that is wrapped as JSON", async () => {
  const wrapping = await raw(aes[256], "AES-GCM", ["wrapKey", "unwrapKey"]);
  const parameters = { name: "AES-GCM", iv: new Uint8Array(12) };
  const { privateKey } = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  const sealed = await subtle.wrapKey("jwk", privateKey, wrapping, parameters);
  const back = await subtle.unwrapKey("jwk", sealed, wrapping, parameters, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]);
  equal(await subtle.exportKey("jwk", back), await subtle.exportKey("jwk", privateKey));
});
test("a key can be cloned and used", async () => {
  const key = structuredClone({ key: await raw("00", hmac, ["sign"]) }).key;
  equal((await subtle.sign("HMAC", key, text("x"))).byteLength, 32);
});
