// Input: { jwks, token, issuer, audience, privateKey (PKCS#8 PEM), kid, now (seconds) }.
// Output: what verifying the token said, and tokens made here: one good, the others each with one fault.
import { SignJWT, UnsecuredJWT, createLocalJWKSet, decodeJwt, exportSPKI, generateKeyPair, importJWK, importPKCS8, jwtVerify } from 'jose';

let input = '';
for await (const chunk of process.stdin) input += chunk;
const { jwks, token, issuer, audience, privateKey, kid, now } = JSON.parse(input);

const rules = { issuer, audience, algorithms: ['RS256'], currentDate: new Date(now * 1000) };
const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), rules);
const refuses = async changed => jwtVerify(changed, createLocalJWKSet(jwks), rules).then(() => false, () => true);
const [head, , signature] = token.split('.');
const changedBody = Buffer.from(JSON.stringify({ ...payload, role: 'admin' })).toString('base64url');

const real = await importPKCS8(privateKey, 'RS256');
const foreign = (await generateKeyPair('RS256')).privateKey;
const publicPem = await exportSPKI(await importJWK(jwks.keys[0], 'RS256', { extractable: true }));
const claims = decodeJwt(token);
const sign = (changes = {}, header = {}, key = real) => new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, ...header }).sign(key);

const made = {
  good: await sign(),
  'alg none': new UnsecuredJWT(claims).encode(),
  'HS256 with the public key': await sign({}, { alg: 'HS256' }, new TextEncoder().encode(publicPem)),
  'HS256 with the modulus': await sign({}, { alg: 'HS256' }, new TextEncoder().encode(jwks.keys[0].n)),
  'another key under our kid': await sign({}, {}, foreign),
  'wrong kid': await sign({}, { kid: 'nobody' }),
  'foreign issuer': await sign({ iss: 'https://evil.example' }),
  'foreign audience': await sign({ aud: 'another-api' }),
  'from the future': await sign({ iat: now + 3600, exp: now + 5400 }),
  expired: await sign({ iat: now - 3600, exp: now - 1800 }),
  'no expiry': await sign({ exp: undefined }),
  'no session': await sign({ sid: undefined }),
  truncated: token.slice(0, -5),
  'body changed': `${head}.${changedBody}.${signature}`,
  'a megabyte': await sign({ padding: 'x'.repeat(1024 * 1024) }),
};
process.stdout.write(JSON.stringify({ payload, protectedHeader, refusesChange: await refuses(made['body changed']), made }));
