/** Parts that H.245 messages share (ITU-T H.245 version 16, ASN.1 of MULTIMEDIA-SYSTEM-CONTROL). */

import { ia5String, integer, nothing, objectIdentifier, octets, skipped } from './per-leaves.ts';
import type { PerType, ValueOf } from './per-type.ts';
import { choice, list, NestedType, sequence } from './per-types.ts';

export const nonStandardParameter = sequence({
  nonStandardIdentifier: choice({
    object: objectIdentifier,
    h221NonStandard: sequence({
      t35CountryCode: integer(0, 255),
      t35Extension: integer(0, 255),
      manufacturerCode: integer(0, 65535),
    }),
  }),
  data: octets(),
});

const ipAddress = sequence({ network: octets(4), tsapIdentifier: integer(0, 65535) }, {});
const ip6Address = sequence({ network: octets(16), tsapIdentifier: integer(0, 65535) }, {});
const otherAddress = { nsap: octets(1, 20), nonStandardAddress: nonStandardParameter };

/** Where media, their control or T.120 are received. */
export const transportAddress = choice(
  {
    unicastAddress: choice(
      {
        iPAddress: ipAddress,
        iPXAddress: sequence({ node: octets(6), netnum: octets(4), tsapIdentifier: octets(2) }, {}),
        iP6Address: ip6Address,
        netBios: octets(16),
        iPSourceRouteAddress: sequence(
          {
            routing: choice({ strict: nothing, loose: nothing }),
            network: octets(4),
            tsapIdentifier: integer(0, 65535),
            route: list(octets(4)),
          },
          {},
        ),
      },
      otherAddress,
    ),
    multicastAddress: choice({ iPAddress: ipAddress, iP6Address: ip6Address }, otherAddress),
  },
  {},
);
export type TransportAddress = ValueOf<typeof transportAddress>;

export const dataProtocolCapability = choice(
  {
    nonStandard: nonStandardParameter,
    v14buffered: nothing,
    v42lapm: nothing,
    hdlcFrameTunnelling: nothing,
    h310SeparateVCStack: nothing,
    h310SingleVCStack: nothing,
    transparent: nothing,
  },
  {
    segmentationAndReassembly: nothing,
    hdlcFrameTunnelingwSAR: nothing,
    v120: nothing,
    separateLANStack: nothing,
    v76wCompression: skipped,
    tcp: nothing,
    udp: nothing,
  },
);

const genericIdentifier = {
  h221NonStandard: nonStandardParameter,
  uuid: octets(16),
  domainBased: ia5String(1, 64),
};

const parameterIdentifier = choice({ standard: integer(0, 127), ...genericIdentifier }, {});

/** Holds others of its kind; what they say is not read. */
const genericParameters: PerType<unknown> = new NestedType<unknown>(() => list(genericParameter));

const genericParameter: PerType<unknown> = sequence(
  {
    parameterIdentifier,
    parameterValue: choice(
      {
        logical: nothing,
        booleanArray: integer(0, 255),
        unsignedMin: integer(0, 65535),
        unsignedMax: integer(0, 65535),
        unsigned32Min: integer(0, 0xffffffff),
        unsigned32Max: integer(0, 0xffffffff),
        octetString: octets(),
        genericParameter: genericParameters,
      },
      {},
    ),
    'supersedes?': list(parameterIdentifier),
  },
  {},
);

/** A codec or feature that has an object identifier instead of a place of its own in H.245. */
export const genericCapability = sequence(
  {
    capabilityIdentifier: choice({ standard: objectIdentifier, ...genericIdentifier }, {}),
    'maxBitRate?': integer(0, 0xffffffff),
    'collapsing?': genericParameters,
    'nonCollapsing?': genericParameters,
    'nonCollapsingRaw?': octets(),
    'transport?': dataProtocolCapability,
  },
  {},
);
export type GenericCapability = ValueOf<typeof genericCapability>;

export const logicalChannelNumber = integer(1, 65535);
