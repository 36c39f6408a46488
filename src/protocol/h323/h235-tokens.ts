/** Security tokens inside H.225.0 messages (ITU-T H.235, ASN.1 of H235-SECURITY-MESSAGES): read only to find where they end. */

import { aliasAddress, nonStandardParameter } from './h225-elements.ts';
import { bits, bmpString, integer, nothing, objectIdentifier, octets } from './per-leaves.ts';
import { choice, list, sequence } from './per-types.ts';

const timeStamp = integer(1, 0xffffffff);
const identifier = bmpString(1, 128);
const anyInteger = integer(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);

const parameters = sequence({ 'ranInt?': anyInteger, 'iv8?': octets(8) }, {});

const encrypted = sequence({ algorithmOID: objectIdentifier, paramS: parameters, encryptedData: octets() });
const hashed = sequence({ algorithmOID: objectIdentifier, paramS: parameters, hash: bits() });
const signed = sequence({
  toBeSigned: octets(),
  algorithmOID: objectIdentifier,
  paramS: parameters,
  signature: bits(),
});

const clearToken = sequence(
  {
    tokenOID: objectIdentifier,
    'timeStamp?': timeStamp,
    'password?': bmpString(1, 128),
    'dhkey?': sequence({ halfkey: bits(0, 4096), modSize: bits(0, 4096), generator: bits(0, 4096) }, {}),
    'challenge?': octets(8, 128),
    'random?': anyInteger,
    'certificate?': sequence({ type: objectIdentifier, certificate: octets() }, {}),
    'generalID?': identifier,
    'nonStandard?': sequence({ nonStandardIdentifier: objectIdentifier, data: octets() }),
  },
  {},
);

const cryptoToken = choice(
  {
    cryptoEncryptedToken: sequence({ tokenOID: objectIdentifier, token: encrypted }),
    cryptoSignedToken: sequence({ tokenOID: objectIdentifier, token: signed }),
    cryptoHashedToken: sequence({ tokenOID: objectIdentifier, hashedVals: clearToken, token: hashed }),
    cryptoPwdEncr: encrypted,
  },
  {},
);

const cryptoH323Token = choice(
  {
    cryptoEPPwdHash: sequence({ alias: aliasAddress, timeStamp, token: hashed }),
    cryptoGKPwdHash: sequence({ gatekeeperId: identifier, timeStamp, token: hashed }),
    cryptoEPPwdEncr: encrypted,
    cryptoGKPwdEncr: encrypted,
    cryptoEPCert: signed,
    cryptoGKCert: signed,
    cryptoFastStart: signed,
    nestedcryptoToken: cryptoToken,
  },
  {},
);

export const clearTokens = list(clearToken);
export const cryptoTokens = list(cryptoH323Token);

const securityServiceMode = choice({ nonStandard: nonStandardParameter, none: nothing, default: nothing }, {});

const securityCapabilities = sequence(
  {
    'nonStandard?': nonStandardParameter,
    encryption: securityServiceMode,
    authenticaton: securityServiceMode,
    integrity: securityServiceMode,
  },
  {},
);

/** How the H.245 channel is to be protected. */
export const h245Security = choice(
  { nonStandard: nonStandardParameter, noSecurity: nothing, tls: securityCapabilities, ipsec: securityCapabilities },
  {},
);
