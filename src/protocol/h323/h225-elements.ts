/** Parts that H.225.0 messages share (ITU-T H.225.0 version 7, ASN.1 of H323-MESSAGES, "common message elements"). */

import {
  bits,
  bmpString,
  boolean,
  ia5String,
  integer,
  nothing,
  objectIdentifier,
  octets,
  skipped,
  stringOf,
} from './per-leaves.ts';
import type { ValueOf } from './per-type.ts';
import { choice, list, sequence } from './per-types.ts';

const h221NonStandard = sequence(
  { t35CountryCode: integer(0, 255), t35Extension: integer(0, 255), manufacturerCode: integer(0, 65535) },
  {},
);

export const nonStandardParameter = sequence({
  nonStandardIdentifier: choice({ object: objectIdentifier, h221NonStandard }, {}),
  data: octets(),
});

/** Where call signalling, RAS or H.245 is listened for. */
export const transportAddress = choice(
  {
    ipAddress: sequence({ ip: octets(4), port: integer(0, 65535) }),
    ipSourceRoute: sequence(
      {
        ip: octets(4),
        port: integer(0, 65535),
        route: list(octets(4)),
        routing: choice({ strict: nothing, loose: nothing }, {}),
      },
      {},
    ),
    ipxAddress: sequence({ node: octets(6), netnum: octets(4), port: octets(2) }),
    ip6Address: sequence({ ip: octets(16), port: integer(0, 65535) }, {}),
    netBios: octets(16),
    nsap: octets(1, 20),
    nonStandardAddress: nonStandardParameter,
  },
  {},
);
export type TransportAddress = ValueOf<typeof transportAddress>;
export const transportAddresses = list(transportAddress);

const dialledDigits = stringOf('#*,0123456789', 1, 128);
const isupDigits = stringOf('0123456789ABCDE', 1, 128);
const TBCD = '#*0123456789abc';

const publicTypeOfNumber = choice(
  {
    unknown: nothing,
    internationalNumber: nothing,
    nationalNumber: nothing,
    networkSpecificNumber: nothing,
    subscriberNumber: nothing,
    abbreviatedNumber: nothing,
  },
  {},
);

const privateTypeOfNumber = choice(
  {
    unknown: nothing,
    level2RegionalNumber: nothing,
    level1RegionalNumber: nothing,
    pISNSpecificNumber: nothing,
    localNumber: nothing,
    abbreviatedNumber: nothing,
  },
  {},
);

const partyNumber = choice(
  {
    e164Number: sequence({ publicTypeOfNumber, publicNumberDigits: dialledDigits }),
    dataPartyNumber: dialledDigits,
    telexPartyNumber: dialledDigits,
    privateNumber: sequence({ privateTypeOfNumber, privateNumberDigits: dialledDigits }),
    nationalStandardPartyNumber: dialledDigits,
  },
  {},
);

const gsmSubscriber = sequence(
  {
    'imsi?': stringOf(TBCD, 3, 16),
    'tmsi?': octets(1, 4),
    'msisdn?': stringOf(TBCD, 3, 16),
    'imei?': stringOf(TBCD, 15, 16),
    'hplmn?': stringOf(TBCD, 1, 4),
    'vplmn?': stringOf(TBCD, 1, 4),
  },
  {},
);

const natureOfAddress = choice(
  {
    unknown: nothing,
    subscriberNumber: nothing,
    nationalNumber: nothing,
    internationalNumber: nothing,
    networkSpecificNumber: nothing,
    routingNumberNationalFormat: nothing,
    routingNumberNetworkSpecificFormat: nothing,
    routingNumberWithCalledDirectoryNumber: nothing,
  },
  {},
);

const isupNumber = choice(
  {
    e164Number: sequence({ natureOfAddress, address: isupDigits }, {}),
    dataPartyNumber: isupDigits,
    telexPartyNumber: isupDigits,
    privateNumber: sequence({ privateTypeOfNumber, address: isupDigits }, {}),
    nationalStandardPartyNumber: isupDigits,
  },
  {},
);

/** A name or number that a caller can be reached by. */
export const aliasAddress = choice(
  { dialledDigits, 'h323-ID': bmpString(1, 256) },
  {
    'url-ID': ia5String(1, 512),
    transportID: transportAddress,
    'email-ID': ia5String(1, 512),
    partyNumber,
    mobileUIM: choice({ 'ansi-41-uim': skipped, 'gsm-uim': gsmSubscriber }, {}),
    isupNumber,
  },
);
export type AliasAddress = ValueOf<typeof aliasAddress>;
export const aliasAddresses = list(aliasAddress);

/** Product and version are text by custom only. */
export const vendorIdentifier = sequence(
  { vendor: h221NonStandard, 'productId?': octets(1, 256), 'versionId?': octets(1, 256) },
  { enterpriseNumber: skipped },
);
export type VendorIdentifier = ValueOf<typeof vendorIdentifier>;

/** Capabilities of one kind of gateway, all of the same form. */
const gatewayCapabilities = sequence(
  { 'nonStandardData?': nonStandardParameter },
  { dataRatesSupported: skipped, supportedPrefixes: skipped },
);

export const supportedProtocols = choice(
  {
    nonStandardData: nonStandardParameter,
    h310: gatewayCapabilities,
    h320: gatewayCapabilities,
    h321: gatewayCapabilities,
    h322: gatewayCapabilities,
    h323: gatewayCapabilities,
    h324: gatewayCapabilities,
    voice: gatewayCapabilities,
    't120-only': gatewayCapabilities,
  },
  { nonStandardProtocol: skipped, t38FaxAnnexbOnly: skipped, sip: skipped },
);

export const endpointType = sequence(
  {
    'nonStandardData?': nonStandardParameter,
    'vendor?': vendorIdentifier,
    'gatekeeper?': sequence({ 'nonStandardData?': nonStandardParameter }, {}),
    'gateway?': sequence({ 'protocol?': list(supportedProtocols), 'nonStandardData?': nonStandardParameter }, {}),
    'mcu?': sequence({ 'nonStandardData?': nonStandardParameter }, { protocol: skipped }),
    'terminal?': sequence({ 'nonStandardData?': nonStandardParameter }, {}),
    mc: boolean,
    undefinedNode: boolean,
  },
  { set: bits(32, 32), supportedTunnelledProtocols: skipped },
);
export type EndpointType = ValueOf<typeof endpointType>;

export const qSeriesOptions = sequence(
  {
    q932Full: boolean,
    q951Full: boolean,
    q952Full: boolean,
    q953Full: boolean,
    q955Full: boolean,
    q956Full: boolean,
    q957Full: boolean,
    q954Info: sequence({ conferenceCalling: boolean, threePartyService: boolean }, {}),
  },
  {},
);

export const callType = choice({ pointToPoint: nothing, oneToN: nothing, nToOne: nothing, nToN: nothing }, {});
export const callModel = choice({ direct: nothing, gatekeeperRouted: nothing }, {});
export const conferenceIdentifier = octets(16);
export const callIdentifier = sequence({ guid: conferenceIdentifier }, {});
/** Units of 100 bit/s. */
export const bandWidth = integer(0, 0xffffffff);
export const endpointIdentifier = bmpString(1, 128);
export const gatekeeperIdentifier = bmpString(1, 128);
/** Repeated by the answer. */
export const requestSeqNum = integer(1, 65535);
export const callReferenceValue = integer(0, 65535);
